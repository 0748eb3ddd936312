#include "alerting/channels/answer.h"

#include <algorithm>
#include <charconv>

#include "alerting/channel_secrets.h"
#include "alerting/message_text.h"

namespace alerting {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

SendResult with(Outcome outcome, std::string answer) {
  SendResult result;
  result.outcome = outcome;
  result.vendor_answer = answer_line(answer);
  return result;
}

core::Millis seconds_of(std::string_view text) {
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0)
    return core::Millis(0);
  return core::Millis(std::min(seconds, kRetryAfterMax.count() / 1000) * 1000);
}

}  // namespace

std::optional<SendResult> classify_http(const TransportResult& result, core::Millis busy_pause) {
  using How = TransportResult::How;
  if (result.how == How::NotSent) return with(Outcome::RetryMessage, "not sent: " + result.error);
  if (result.how == How::MaybeSent) return with(Outcome::Unknown, "no answer: " + result.error);
  if (result.how == How::Refused) return with(Outcome::DeadDestination, "refused: " + result.error);
  const int status = result.status;
  const std::string answer = "HTTP " + std::to_string(status);
  if (status / 100 == 2 || status / 100 == 5) return std::nullopt;
  if (status / 100 == 3) {
    SendResult moved = with(Outcome::DeadDestination, answer + ", the URL has moved");
    moved.strikes = 1;
    return moved;
  }
  if (status == 429) {
    SendResult busy = with(Outcome::RetryDestination, answer);
    busy.retry_after = std::max(retry_after_of(result), busy_pause);
    return busy;
  }
  if (status == 413) return with(Outcome::FixContent, answer);
  if (status == 401 || status == 403 || status == 404 || status == 410) {
    SendResult dead = with(Outcome::DeadDestination, answer);
    // A receiver being deployed answers 404 for a moment; the others mean that we are not wanted.
    if (status == 404) dead.strikes = 1;
    return dead;
  }
  SendResult strange = with(Outcome::DeadMessage, answer + ", unclassified_response");
  strange.alarm = true;
  return strange;
}

core::Millis retry_after_of(const TransportResult& result) {
  return std::max(seconds_of(result.retry_after), seconds_of(result.rate_reset));
}

bool looks_like_html(const TransportResult& result) {
  std::string type = result.content_type;
  for (char& c : type) c = lower(c);
  const size_t first = result.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return type.find("html") != std::string::npos ||
         (first != std::string::npos && result.body[first] == '<');
}

core::Result<core::Unit> check_url(const Destination& to) {
  const std::string scheme = scheme_of(to.url);
  const auto wrong = [&to](std::string_view what) {
    return core::Error{core::Code::BadSettings, "channel " + to.id + ": " + std::string(what)};
  };
  if (host_of(to.url).empty()) return wrong("the url has no host");
  if (scheme != "https" && scheme != "http") return wrong("the url must begin with https://");
  if (scheme == "http" && !to.allow_private)
    return wrong("plain http is for private addresses only (allow_private: true)");
  return core::Unit{};
}

std::string answer_line(std::string_view words) {
  std::string line = one_line(words.substr(0, 4 * kAnswerBytesMax));
  for (const std::string_view tail : {", hint:", ", from ip:", ", more info at"})
    if (const size_t at = line.find(tail); at != std::string::npos) line.resize(at);
  std::ranges::replace(line, '[', '(');
  std::ranges::replace(line, ']', ')');
  return clipped(line, {kAnswerBytesMax, kAnswerBytesMax});
}

}  // namespace alerting
