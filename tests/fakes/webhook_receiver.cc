#include "tests/fakes/webhook_receiver.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace fakes {

namespace {

constexpr core::Millis kTolerance{5 * 60'000};

std::string signature_of(const std::string& key, const std::string& message) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest, &size);
  unsigned char text[128];
  const int length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return "v1," + std::string(reinterpret_cast<const char*>(text), static_cast<size_t>(length));
}

}  // namespace

WebhookReceiver::WebhookReceiver(core::Clock& clock, std::string key)
    : clock_(clock),
      key_(std::move(key)),
      server_(clock, [this](const Request& request) { return handle(request); }) {}

void WebhookReceiver::say_next(const std::vector<Reply>& replies) {
  const std::scoped_lock lock(mutex_);
  script_.insert(script_.end(), replies.begin(), replies.end());
}

std::vector<WebhookReceiver::Shown> WebhookReceiver::shown() const {
  const std::scoped_lock lock(mutex_);
  return shown_;
}

size_t WebhookReceiver::repeated() const {
  const std::scoped_lock lock(mutex_);
  return repeated_;
}

size_t WebhookReceiver::wrong() const {
  const std::scoped_lock lock(mutex_);
  return wrong_;
}

bool WebhookReceiver::genuine(const Request& request) const {
  const std::string id = request.header("webhook-id"), time = request.header("webhook-timestamp");
  if (id.empty() || time.empty() || time.find_first_not_of("0123456789") != std::string::npos)
    return false;
  const core::Millis age = clock_.wall() - core::from_ms(std::stoll(time) * 1000);
  if (age > kTolerance || age < -kTolerance) return false;
  const std::string wanted = signature_of(key_, id + "." + time + "." + request.body);
  const std::string given = std::string(" ").append(request.header("webhook-signature")) + " ";
  return given.find(" " + wanted + " ") != std::string::npos;
}

Reply WebhookReceiver::handle(const Request& request) {
  const std::scoped_lock lock(mutex_);
  if (!script_.empty()) {
    const Reply scripted = script_.front();
    script_.pop_front();
    return scripted;
  }
  if (!genuine(request)) {
    ++wrong_;
    return {401, "", "application/json", {}};
  }
  const std::string id = request.header("webhook-id");
  const auto [it, is_new] = bodies_.emplace(id, request.body);
  if (is_new)
    shown_.push_back({clock_.wall(), id, request.body});
  else
    ++(it->second == request.body ? repeated_ : wrong_);
  return {204, "", "application/json", {}};
}

}  // namespace fakes
