#pragma once
// What an enterprise WeChat message says, by its msgtype: its text as people see it, and its
// attachments. Merged forwards' parts use the same shapes (wecom.cc unfolds them).
#include <string>
#include <string_view>

#include "core/event.h"
#include "ingest/decode.h"
#include "ingest/json_tree.h"

namespace ingest {

// The object of a record that holds its content: named like the type, or `info`, or `doc`.
JsonNode body_of(JsonNode record, std::string_view type);

// "ChatRecordText" of a merged forward's part -> "text".
std::string item_type(std::string_view type);

class WecomContent {
 public:
  explicit WecomContent(Cuts& cuts) : cuts_(cuts) {}

  // Text and attachments of a message into `event`. A type that is not known leaves both empty and
  // adds the tag "wecom:<type>". Stickers leave both empty: the same one is in every group.
  void fill(core::Event& event, std::string_view type, JsonNode body);

 private:
  void mixed(core::Event& event, JsonNode body);
  void news(core::Event& event, JsonNode body);
  void attach(core::Event& event, std::string_view kind, std::string_view hash,
              std::string_view title);
  void say(core::Event& event, std::string_view line);

  Cuts& cuts_;
  JsonTree part_;  // the parts of a mixed message are JSON texts inside strings
};

}  // namespace ingest
