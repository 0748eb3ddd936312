// A letter by SMTP (CHANNELS 2.10): text and HTML, one thread an incident, no remote images. Only
// 250 after the final dot proves anything. The Message-ID is made of the notification's id, and
// the whole letter of the notification, so a repetition is the same letter.
#include <algorithm>
#include <array>
#include <cstdio>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/mime.h"
#include "alerting/channels/robot.h"
#include "alerting/message_fit.h"
#include "alerting/message_text.h"
#include "core/text/mask.h"

namespace alerting {

namespace {

constexpr size_t kBodyBytesMax = 256 * 1024, kAddressBytesMax = 254, kPeopleMax = 20;
constexpr core::Millis kPause{60'000};

// local@domain of the characters that need no quoting: nothing else gets into the dialogue.
bool is_address(std::string_view text) {
  const size_t at = text.find('@');
  const auto all_of = [](std::string_view part, std::string_view more) {
    return !part.empty() && std::ranges::all_of(part, [more](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             more.find(c) != std::string_view::npos;
    });
  };
  return at != std::string_view::npos && text.size() <= kAddressBytesMax &&
         all_of(text.substr(0, at), ".!#$%&'*+/=?^_`{|}~-") && all_of(text.substr(at + 1), ".-");
}

std::vector<std::string> recipients_of(const core::Notification& n, const Destination& to) {
  std::vector<std::string> people;
  const auto add = [&people](std::string_view one) {
    if (is_address(one) && people.size() < kPeopleMax &&
        std::ranges::find(people, one) == people.end())
      people.emplace_back(one);
  };
  for (const core::PersonContact& c : n.contacts)
    if (c.kind == "email") add(c.id);
  if (people.empty()) add(option(to, "to"));
  return people;
}

// "Tue, 10 Mar 2026 08:00:00 +0000": the notification's time, not the attempt's.
std::string date_of(core::Time at) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(at - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                kDays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

bool safe_url(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) &&
         std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string html_of(const std::vector<Block>& blocks) {
  std::string html = "<!DOCTYPE html><html><body>\r\n";
  for (const Block& b : blocks) {
    const std::string text = html_escaped(b.text);
    const std::string label = b.label.empty() ? "" : "<b>" + html_escaped(b.label) + "</b>：";
    if (b.part == Part::Title)
      html += "<h3>" + text + "</h3>\r\n";
    else if (b.part == Part::Quote)
      html += "<blockquote>" + text + "</blockquote>\r\n";
    else if (b.part == Part::Answer)
      html += "<p>" + label + "<code>" + text + "</code></p>\r\n";
    else if (b.part == Part::Link && safe_url(b.url))
      html += "<p><a href=\"" + html_escaped(b.url) + "\">" + text + "</a></p>\r\n";
    else
      html += "<p>" + label + text + "</p>\r\n";
  }
  return html + "</body></html>\r\n";
}

std::string text_of(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& b : blocks) {
    if (b.part == Part::Quote) text += "> ";
    text += (b.label.empty() ? "" : b.label + "：") + b.text;
    if (b.part == Part::Link && safe_url(b.url)) text += "：" + b.url;
    text += "\r\n";
  }
  return text;
}

SendResult with(Outcome outcome, std::string answer) {
  SendResult r;
  r.outcome = outcome;
  r.vendor_answer = answer_line(answer);
  return r;
}

class Email final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = caps.text_bytes = kBodyBytesMax;
    caps.bucket = {60, 10, core::Millis(60'000)};
    caps.idempotent = true;
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const std::string scheme = scheme_of(to.url);
    if (scheme != "smtp" && scheme != "smtps")
      return wrong_settings(to, "the url must begin with smtps:// or smtp://");
    if (host_of(to.url).empty()) return wrong_settings(to, "the url has no host");
    for (const auto& [name, value] : to.options)
      if (name != "from" && name != "to" && name != "user")
        return wrong_settings(to, "e-mail takes from, to and user");
    if (!is_address(option(to, "from"))) return wrong_settings(to, "from must be an address");
    if (to.options.contains("to") && !is_address(option(to, "to")))
      return wrong_settings(to, "to must be an address");
    if (to.options.contains("user") == to.secrets.empty())
      return wrong_settings(to, "user and password go together");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    const std::string from = option(to, "from");
    const std::string host = from.substr(from.find('@') + 1);
    const std::vector<std::string> people = recipients_of(n, to);
    std::string all;
    for (const std::string& one : people) all += (all.empty() ? "" : ", ") + one;
    const std::string& incident = n.incident.incident;
    Rendering same = how;
    same.resend = false;
    Rendered r = rendered_within(
        n, extras, same,
        [&](const std::vector<Block>& blocks) {
          MailHeaders headers = {{"From", from},
                                 {"To", all.empty() ? "undisclosed-recipients:;" : all},
                                 {"Subject", encoded_words(blocks.front().text)},
                                 {"Date", date_of(n.at)},
                                 {"Message-ID", "<" + n.id + "@" + host + ">"}};
          if (!incident.empty()) {
            const std::string thread = "<" + lower(incident) + "@" + host + ">";
            headers.emplace_back("In-Reply-To", thread);
            headers.emplace_back("References", thread);
            headers.emplace_back("X-Incident-Id", incident);
          }
          headers.emplace_back("Auto-Submitted", "auto-generated");
          return letter(headers, "=_qingyu_" + n.id, text_of(blocks), html_of(blocks));
        },
        kBodyBytesMax);
    if (people.empty()) r.warnings.emplace_back("no e-mail address: nobody is reached");
    return r;
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                      core::Time, const Session&) const override {
    HttpRequest request;
    request.url = to.url;
    request.body = r.body;
    request.timeout = core::Millis(20'000);
    request.envelope = Envelope{option(to, "from"), recipients_of(n, to), option(to, "user"),
                                to.secrets.empty() ? "" : to.secrets.front(), to.allow_private};
    return request;
  }

  SendResult classify(const TransportResult& result) const override;
};

// Where no recipient was taken, the gentlest of their codes: who is only busy may be reached later.
int code_of(const TransportResult& result) {
  const auto of_class = [](int hundreds) {
    return [hundreds](int code) { return code / 100 == hundreds; };
  };
  if (result.status < 400 || std::ranges::any_of(result.recipients, of_class(2)))
    return result.status;
  const auto busy = std::ranges::find_if(result.recipients, of_class(4));
  return busy != result.recipients.end() ? *busy : result.status;
}

// A reply is a proof even when the connection broke after it; no reply after DATA is none. What the
// server says may name the person: masked.
SendResult Email::classify(const TransportResult& result) const {
  using How = TransportResult::How;
  if (result.how == How::Refused && result.recipients.empty())
    return with(Outcome::DeadMessage, "no e-mail address of this person");
  const int status = code_of(result);
  std::string words = "SMTP " + std::to_string(status) + " " + one_line(result.body);
  core::text::mask(words);
  const bool replied = result.how == How::Answered || (result.how != How::Refused && status >= 400);
  if (!replied) return *classify_http(result, kPause);
  const auto refused =
      std::ranges::count_if(result.recipients, [](int code) { return code >= 400; });
  if (refused > 0)
    words = std::to_string(refused) + " of " + std::to_string(result.recipients.size()) +
            " addresses refused, " + words;
  if (status == 250) return with(Outcome::Delivered, words);
  if (status == 421 || status == 454) {
    SendResult busy = with(Outcome::RetryDestination, words);
    busy.retry_after = kPause;
    return busy;
  }
  if (status / 100 == 4) return with(Outcome::RetryMessage, words);
  if (status == 530 || status == 534 || status == 535 || status == 538)
    return with(Outcome::DeadDestination, words);
  if (status == 552 && words.find("5.2.2") == std::string::npos)
    return with(Outcome::FixContent, words);  // 5.2.2: the mailbox is full, whatever the size
  if (status >= 550 && status <= 554) return with(Outcome::DeadMessage, words);
  SendResult strange = with(status / 100 == 5 ? Outcome::DeadMessage : Outcome::Unknown,
                            "unclassified_response, " + words);
  strange.alarm = true;
  return strange;
}

}  // namespace

std::unique_ptr<Channel> make_email() { return std::make_unique<Email>(); }

}  // namespace alerting
