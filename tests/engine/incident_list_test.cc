#include "engine/incident_list.h"

#include <doctest/doctest.h>

using engine::Answer;
using engine::answer_to;

TEST_CASE("only its own entry of the decision log answers who asked for a member") {
  core::Act act;
  act.what = "reveal";
  act.by = "service";
  act.value = "00112233445566ff";
  const auto entry = [](const char* what, const char* by, const char* option) {
    return std::string(R"({"kind":"decision","what":")") + what + R"(","by":")" + by +
           R"(","option":")" + option + "\"}";
  };
  CHECK(answer_to(act, entry("revealed", "service", "00112233445566ff")) == Answer::Done);
  CHECK(answer_to(act, entry("revealed", "service", "ff00000000000000")) == Answer::None);
  CHECK(answer_to(act, entry("revealed", "other", "00112233445566ff")) == Answer::None);
  CHECK(answer_to(act, entry("decided", "service", "00112233445566ff")) == Answer::None);
  const std::string revision =
      R"({"kind":"incident","because":{"code":"acknowledged","figures":{"by":"service"}}})";
  CHECK(answer_to(act, revision) == Answer::None);
  CHECK(answer_to(act, R"({"kind":"refusal","act":"reveal","by":"service"})") == Answer::Refused);
  act.what = "ack";
  CHECK(answer_to(act, revision) == Answer::Done);
}
