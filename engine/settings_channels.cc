// Secrets and channels of the settings file.
#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "engine/settings_reading.h"

namespace engine {

namespace {

namespace fs = std::filesystem;
using rules::both;
using rules::Field;
using rules::Node;
using rules::Presence;
using rules::Reading;
using rules::Shape;

constexpr size_t kSecretBytesMax = 4096;

std::optional<std::string> first_line_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!in || !std::getline(in, line) || line.size() > kSecretBytesMax) return std::nullopt;
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

}  // namespace

std::string resolved(const fs::path& folder, const std::string& path) {
  if (path.empty() || path == "-") return path;
  return (fs::path(path).is_absolute() ? fs::path(path) : folder / path)
      .lexically_normal()
      .string();
}

std::optional<std::string> secret(Reading& r, const Node& n, const fs::path& folder) {
  const Node* env = n.value("env");
  const Node* file = n.value("file");
  if (n.kind != Node::Kind::Map || n.keys.size() != 1 || (env == nullptr && file == nullptr)) {
    r.error(n, "secret-in-file",
            both("密钥要写成 {env: 名字} 或 {file: 路径}",
                 "a secret is written {env: NAME} or {file: PATH}"));
    return std::nullopt;
  }
  const auto name = r.text(env != nullptr ? *env : *file);
  if (!name) return std::nullopt;
  if (env != nullptr) {
    const char* value = std::getenv(name->c_str());
    if (value != nullptr && *value != '\0') return std::string(value);
    r.error(
        n, "secret-missing",
        both("环境变量 " + *name + " 没有设置", "environment variable " + *name + " is not set"));
    return std::nullopt;
  }
  auto value = first_line_of(resolved(folder, *name));
  if (value && !value->empty()) return value;
  r.error(n, "secret-missing",
          both("读不到密钥文件 " + *name, "cannot read the secret file " + *name));
  return std::nullopt;
}

std::optional<std::string> text_or_secret(Reading& r, const Node& n, const fs::path& folder) {
  return n.kind == Node::Kind::Map ? secret(r, n, folder) : r.text(n);
}

namespace {

struct DestinationDraft {
  alerting::Destination destination;
  const fs::path& folder;
};

void read_secrets(Reading& r, const Node& n, DestinationDraft& d) {
  if (!r.is_list(n)) return;
  for (const Node& item : n.items)
    if (auto value = secret(r, item, d.folder)) d.destination.secrets.push_back(std::move(*value));
}

void read_options(Reading& r, const Node& n, DestinationDraft& d) {
  if (!r.is_map(n)) return;
  for (size_t i = 0; i < n.keys.size() && i < n.items.size(); ++i)
    if (auto value = r.text(n.items[i])) d.destination.options[n.keys[i].text] = std::move(*value);
}

constexpr Field<DestinationDraft> kDestination[] = {
    {{"id", Shape::Text, Presence::Required, "kind:name, as people's channels name it"},
     [](Reading& r, const Node& n, DestinationDraft& d) {
       rules::keep(r.text(n), d.destination.id);
     }},
    {{"url", Shape::Text, Presence::Optional, "where to send: {env: NAME} or {file: PATH}"},
     [](Reading& r, const Node& n, DestinationDraft& d) {
       rules::keep(text_or_secret(r, n, d.folder), d.destination.url);
     }},
    {{"secrets", Shape::List, Presence::Optional, "signing or app secrets, newest first"},
     read_secrets},
    {{"options", Shape::Object, Presence::Optional,
      "what the channel knows: keyword, agent, to ..."},
     read_options},
    {{"callback_token", Shape::Object, Presence::Optional, "apps: secret that verifies callbacks"},
     [](Reading& r, const Node& n, DestinationDraft& d) {
       rules::keep(secret(r, n, d.folder), d.destination.callback_token);
     }},
    {{"callback_key", Shape::Object, Presence::Optional, "apps: secret that decrypts callbacks"},
     [](Reading& r, const Node& n, DestinationDraft& d) {
       rules::keep(secret(r, n, d.folder), d.destination.callback_key);
     }},
    {{"allow_private", Shape::Flag, Presence::Optional, "loopback and private addresses are meant"},
     [](Reading& r, const Node& n, DestinationDraft& d) {
       rules::keep(r.flag(n), d.destination.allow_private);
     }},
};

// A secret that nothing is verified with would be a mistake that nobody notices.
void check_callbacks(Reading& r, const Node& item, const alerting::Destination& to) {
  const auto channel = alerting::make_channel(to.kind);
  if (channel == nullptr || (to.callback_key.empty() && to.callback_token.empty())) return;
  if (!channel->caps(to).buttons)
    r.error(item, "no-callbacks",
            both("这种渠道不收按钮回调，或者缺少另一个密钥",
                 "this channel receives no callbacks, or the other secret of them is missing"));
}

}  // namespace

void read_channels(Reading& r, const Node& n, const fs::path& folder,
                   std::vector<alerting::Destination>& out) {
  if (!r.is_list(n)) return;
  for (const Node& item : n.items) {
    DestinationDraft draft{{}, folder};
    rules::read_object(r, item, "channel", kDestination, draft);
    alerting::Destination& to = draft.destination;
    to.kind = to.id.substr(0, to.id.find(':'));
    const auto kinds = alerting::channel_kinds();
    if (!to.id.empty() && std::ranges::find(kinds, to.kind) == kinds.end())
      r.error(item, "unknown-channel",
              both("没有这种渠道", "no such kind of channel") + " " + rules::quoted(to.kind),
              rules::nearest(to.kind, kinds));
    check_callbacks(r, item, to);
    out.push_back(std::move(to));
  }
}

}  // namespace engine
