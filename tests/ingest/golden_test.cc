// samples/<decoder>/<name>.json is a message, <name>.golden what the decoder makes of it, one line
// an event. QINGYU_WRITE_GOLDEN=1 writes the golden files anew: look at the difference.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "ingest/decode.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

const fs::path kSamples = fs::path(QINGYU_SOURCE_DIR) / "tests/ingest/samples";

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string role_name(core::Role role) {
  static const char* const kNames[] = {"", "owner", "admin", "staff", "other"};
  return kNames[static_cast<size_t>(role)];
}

// Fields that are empty are left out.
ordered_json shown(const core::Event& e) {
  ordered_json all = {{"id", e.id},
                      {"ts", core::to_ms(e.published)},
                      {"platform", e.platform},
                      {"kind", core::name_of(e.kind)},
                      {"channel", e.channel_id},
                      {"channel_name", e.channel_name},
                      {"members", e.channel_members},
                      {"author", e.author_id},
                      {"followers", e.author_followers},
                      {"role", role_name(e.author_role)},
                      {"text", e.text},
                      {"forward_of", e.forward_of},
                      {"reply_to", e.reply_to},
                      {"root", e.root},
                      {"counts", ordered_json::object()},
                      {"tags", e.tags},
                      {"attachments", ordered_json::array()},
                      {"customer", e.customer},
                      {"order", e.order},
                      {"level", e.reported_level},
                      {"recall_of", e.recall_of},
                      {"act", e.act ? e.act->what : ""}};
  for (const core::Count& count : e.counts) all["counts"][count.name] = count.value;
  for (const core::Attachment& a : e.attachments)
    all["attachments"].push_back({a.kind, a.hash, a.title});
  ordered_json kept;
  for (const auto& [name, value] : all.items())
    if (!value.empty() && value != "" && value != 0) kept[name] = value;
  return kept;
}

std::string decoded(const std::string& name, const std::string& message) {
  const auto decoder = ingest::make_decoder(name);
  REQUIRE(decoder != nullptr);
  ingest::EventBatch out;
  const auto result = decoder->decode(message, out);
  std::string text;
  if (!result) text += "refused " + result.error().message + "\n";
  for (size_t i = 0; i < out.size(); ++i) text += shown(out[i]).dump() + "\n";
  for (const ingest::BadElement& bad : decoder->bad_elements())
    text += "bad " + std::to_string(bad.index) + " " + bad.reason + "\n";
  return text.empty() ? "nothing\n" : text;
}

}  // namespace

TEST_CASE("every sample message gives the events of its golden file") {
  const bool write = std::getenv("QINGYU_WRITE_GOLDEN") != nullptr;
  for (const std::string_view name : ingest::decoder_names()) {
    size_t samples = 0;
    for (const auto& entry : fs::directory_iterator(kSamples / name)) {
      if (entry.path().extension() != ".json") continue;
      ++samples;
      const std::string got = decoded(std::string(name), contents(entry.path()));
      fs::path golden = entry.path();
      golden.replace_extension(".golden");
      if (write) std::ofstream(golden, std::ios::binary) << got;
      CHECK_MESSAGE(contents(golden) == got, entry.path().string());
    }
    CHECK_MESSAGE(samples >= 5, name);
  }
}

TEST_CASE("there is no decoder of another name") {
  CHECK(ingest::make_decoder("wechat") == nullptr);
  CHECK(ingest::decoder_names().size() == 3);
}
