#include "alerting/channels/robot.h"

#include <algorithm>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"

namespace alerting {

namespace {

constexpr size_t kOptionBytesMax = 60;

bool host_fits(std::string_view host, std::string_view allowed) {
  return allowed.starts_with('.') ? host.size() > allowed.size() && host.ends_with(allowed)
                                  : host == allowed;
}

}  // namespace

Rendered robot_message(const RobotMessage& m, std::vector<std::string> warnings,
                       const Serialiser& body_of, const Fits& fits) {
  Extras shown = m.extras;
  shown.links = m.links;
  Rendered r = rendered_within(
      m.notification, shown, m.how,
      [&body_of](std::vector<Block> blocks) {
        std::erase_if(blocks, [](const Block& b) { return b.part == Part::Link; });
        return body_of(blocks);
      },
      fits);
  r.warnings.insert(r.warnings.begin(), warnings.begin(), warnings.end());
  return r;
}

Rendered robot_message(const RobotMessage& m, std::vector<std::string> warnings,
                       const Serialiser& body_of, size_t budget_bytes) {
  return robot_message(m, std::move(warnings), body_of, [budget_bytes](const std::string& body) {
    return body.size() <= budget_bytes;
  });
}

bool mentions_all(const Destination& to) { return option(to, "mention") == "all"; }

std::vector<std::string> mentioned(const core::Notification& n, const Destination& to,
                                   std::string_view kind, bool (*valid)(std::string_view),
                                   std::vector<std::string>& warnings) {
  std::vector<std::string> ids;
  if (option(to, "mention", "person") != "person") return ids;
  for (const core::PersonContact& c : n.contacts)
    if (c.kind == kind && valid(c.id)) ids.push_back(c.id);
  if (ids.empty() && to.options.contains("mention"))
    warnings.push_back("the directory has no usable " + std::string(kind) + " id: not mentioned");
  return ids;
}

std::string option(const Destination& to, std::string_view name, std::string_view otherwise) {
  const auto it = to.options.find(name);
  return it != to.options.end() ? it->second : std::string(otherwise);
}

void add_keyword(const Destination& to, std::vector<Block>& blocks) {
  const std::string keyword = option(to, "keyword");
  if (keyword.empty()) return;
  const bool there = std::ranges::any_of(blocks, [&keyword](const Block& b) {
    return b.part != Part::Quote && b.text.find(keyword) != std::string::npos;
  });
  if (there) return;
  Block block;
  block.text = keyword;
  blocks.push_back(std::move(block));
}

std::vector<ActionLink> usable_links(const Extras& extras, const Destination& to, size_t count) {
  std::vector<ActionLink> links;
  for (const ActionLink& link : extras.links) {
    const std::string scheme = scheme_of(link.url);
    if (links.size() == count) break;
    if (scheme == "https" || (scheme == "http" && to.allow_private)) links.push_back(link);
  }
  return links;
}

core::Error wrong_settings(const Destination& to, std::string_view what) {
  return {core::Code::BadSettings, "channel " + to.id + ": " + std::string(what)};
}

core::Result<core::Unit> check_robot(const Destination& to, std::string_view vendor,
                                     std::initializer_list<std::string_view> hosts,
                                     const std::vector<OptionRule>& options) {
  if (const auto url = check_url(to); !url) return url.error();
  const std::string host = host_of(to.url);
  const bool known = hosts.size() == 0 || std::ranges::any_of(hosts, [&host](auto allowed) {
                       return host_fits(host, allowed);
                     });
  if (!to.allow_private && !known)
    return wrong_settings(
        to, "the url is not at " + std::string(vendor) + "'s host (else: allow_private: true)");
  for (const auto& [name, value] : to.options) {
    const auto rule = std::ranges::find(options, std::string_view(name), &OptionRule::name);
    if (rule == options.end()) return wrong_settings(to, "unknown option " + name);
    const bool fits = rule->values.empty()
                          ? !value.empty() && value.size() <= kOptionBytesMax
                          : std::ranges::find(rule->values, value) != rule->values.end();
    if (!fits) return wrong_settings(to, "option " + name + " has a value that it cannot have");
  }
  return core::Unit{};
}

SendResult by_table(std::span<const AnswerRow> rows, int64_t code, const std::string& words) {
  const std::string said = lower(words);
  SendResult r;
  for (const AnswerRow& row : rows) {
    if (row.code != kAnyCode && row.code != code) continue;
    if (said.find(row.words) == std::string::npos) continue;
    r.outcome = row.outcome;
    r.alarm = row.alarm;
    r.retry_after = row.pause;
    r.retries_max = row.retries_max;
    r.sanitise = row.sanitise;
    r.prepare_again = row.prepare_again;
    std::string answer(row.reason);
    if (!answer.empty()) answer += ": ";
    r.vendor_answer = answer_line(answer + "code " + std::to_string(code) + " " + words);
    return r;
  }
  r.outcome = Outcome::DeadMessage;
  r.alarm = true;
  r.vendor_answer =
      answer_line("unclassified_response, code " + std::to_string(code) + " " + words);
  return r;
}

SendResult unclassified(Outcome outcome, std::string_view what, int status) {
  SendResult r;
  r.outcome = outcome;
  r.alarm = status / 100 == 2;  // a proxy's 502 is no mystery
  r.vendor_answer = answer_line("unclassified_response, HTTP " + std::to_string(status) + ", " +
                                std::string(what));
  return r;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string with_backslashes(std::string_view text, std::string_view of) {
  std::string out;
  for (const char c : text) {
    if (of.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string replaced(std::string_view text, std::span<const Twin> twins) {
  std::string out;
  for (const char c : text) {
    const auto it = std::ranges::find(twins, c, &Twin::from);
    if (it != twins.end())
      out += it->to;
    else
      out += c;
  }
  return out;
}

}  // namespace alerting
