#pragma once
// Story: messages over time and what must come of them, as the author of a *.story.yaml wrote it.
// Times are offsets from the story's beginning. Values with places, and nothing that plays them:
// the engine does that (engine/story_play.h).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/level.h"
#include "core/time.h"
#include "rules/reading.h"

namespace rules {

inline constexpr std::string_view kStoryEnding = ".story.yaml";  // of a file's name

inline constexpr size_t kStoryMessagesMax = 20'000;  // with `repeat` written out
inline constexpr size_t kStoryListMax = 500;         // entries of one list of a story
inline constexpr core::Millis kStoryLengthMax{30LL * 24 * 3'600'000};

// One message; a `repeat` has become many.
struct StoryMessage {
  Place place;
  core::Millis after{0};
  std::string id, group, group_name, author, role, kind, platform, text, forward_of, reply_to;
  std::string customer, order, level;
  int64_t members = 0, followers = 0, sensitivity = 0;
  bool image = false, service = false;
};

// What a person does. `incident` is a family: "brand:汀白"; "": the only one that the story names.
struct StoryAct {
  Place place;
  core::Millis after{0};
  std::string what, by, incident, option, value, because;
};

// What must happen, or with `never` must not. Of what is empty nothing is asked.
struct StoryExpectation {
  Place place;
  std::optional<core::Millis> at, by, from;  // in that minute, at the latest, at the earliest
  std::optional<core::Level> level;
  std::string incident, subject, issue, state, rung, person, channel, cause, because, text;
  bool never = false;
  bool none = false;  // no incident at all

  // Whether only a message to a person can be meant, not a change of an incident.
  bool of_message() const {
    return !person.empty() || !channel.empty() || !cause.empty() || !text.empty();
  }
};

struct StoryProduct {
  std::string sku, name, brand, merchant, department, category;
  std::vector<std::string> aliases;
  double price = 10;
  int64_t sold = 1000;  // a week
};

struct Story {
  Place place;
  std::string title;
  core::Time at{};        // when it begins
  core::Millis until{0};  // it goes on so long: to `until`, or the latest time that it names
  std::string catalogue;  // a folder, relative to the file; "": that of the settings
  std::vector<StoryProduct> products;  // or these
  Place catalogue_place;
  std::vector<StoryMessage> messages;  // in order of time
  std::vector<StoryAct> people;
  std::vector<StoryExpectation> expectations;  // in the file's order, at least one
};

// nullopt when anything is wrong with it; every mistake is in `findings`.
std::optional<Story> read_story(const SourceFile& file, Findings& findings);

// "by +10m incident brand:沐禾 level yellow": what is expected, in one line.
std::string to_text(const StoryExpectation& expectation);
std::string offset_text(core::Millis after);  // "+1h5m"

Schema story_schema();  // the keys of every object of a story

}  // namespace rules
