#include "engine/bench_floor.h"

#include <hs/hs.h>
#include <simdjson.h>

#include <cstring>

namespace engine {

namespace {

namespace ondemand = simdjson::ondemand;

int count(unsigned, unsigned long long, unsigned long long, unsigned, void* hits) noexcept {
  ++*static_cast<uint64_t*>(hits);
  return 0;
}

}  // namespace

struct BenchFloor::State {
  ~State() {
    hs_free_scratch(scratch);
    hs_free_database(database);
  }

  ondemand::parser parser;
  std::string padded;
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;
  uint64_t fields = 0;  // so that nothing read is optimised away
};

BenchFloor::BenchFloor(std::unique_ptr<State> state) : state_(std::move(state)) {}
BenchFloor::~BenchFloor() = default;

core::Result<std::unique_ptr<BenchFloor>> BenchFloor::create(
    const std::vector<std::string>& words) {
  std::vector<const char*> patterns;
  std::vector<size_t> lengths;
  std::vector<unsigned> ids, flags(words.size(), 0);
  for (const std::string& word : words) {
    patterns.push_back(word.data());
    lengths.push_back(word.size());
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  auto state = std::make_unique<State>();
  hs_compile_error_t* error = nullptr;
  const hs_error_t compiled = hs_compile_lit_multi(
      patterns.data(), flags.data(), ids.data(), lengths.data(),
      static_cast<unsigned>(words.size()), HS_MODE_BLOCK, nullptr, &state->database, &error);
  if (compiled != HS_SUCCESS) {
    core::Error wrong{
        core::Code::BadSettings,
        std::string("floor: ") + (error != nullptr ? error->message : "compile failed")};
    hs_free_compile_error(error);
    return wrong;
  }
  if (hs_alloc_scratch(state->database, &state->scratch) != HS_SUCCESS)
    return core::Error{core::Code::Unavailable, "floor: no scratch"};
  return std::unique_ptr<BenchFloor>(new BenchFloor(std::move(state)));
}

namespace {

// The text of the event; all eight fields are read. Kept out of line: inlined into a larger
// function simdjson's small functions stop being inlined themselves.
__attribute__((noinline)) std::string_view read_fields(ondemand::parser& parser,
                                                       const std::string& padded, size_t length,
                                                       uint64_t& fields) {
  ondemand::document document;
  if (parser.iterate(padded.data(), length, padded.size()).get(document)) return {};
  std::string_view text;
  for (auto field : document.get_object()) {
    std::string_view key;
    if (field.unescaped_key().get(key)) return {};
    std::string_view value;
    int64_t number = 0;
    ondemand::object object;
    if (key == "text") {
      if (field.value().get(text)) return {};
    } else if (key == "ts") {
      if (field.value().get(number)) return {};
      fields += static_cast<uint64_t>(number);
    } else if (key == "channel" || key == "author") {
      if (field.value().get(object)) return {};
      for (auto inner : object) {
        std::string_view raw = inner.value().raw_json_token();
        fields += raw.size();
      }
    } else if (!field.value().get(value)) {
      fields += value.size();
    }
  }
  return text;
}

}  // namespace

uint64_t BenchFloor::take(std::string_view line) {
  State& s = *state_;
  if (s.padded.size() < line.size() + simdjson::SIMDJSON_PADDING)
    s.padded.resize(line.size() + simdjson::SIMDJSON_PADDING);
  std::memcpy(s.padded.data(), line.data(), line.size());
  const std::string_view text = read_fields(s.parser, s.padded, line.size(), s.fields);
  uint64_t hits = 0;
  hs_scan(s.database, text.data(), static_cast<unsigned>(text.size()), 0, s.scratch, count, &hits);
  return hits;
}

}  // namespace engine
