#include "tests/servers.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "tests/servers/conversation.h"

namespace tests {

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What Redis answers to an inline command, up to `bytes`.
std::string ask(const RedisServer& redis, const std::string& command, size_t bytes) {
  Conversation connection(redis.port());
  connection.say(command + "\r\n");
  return connection.hear(bytes);
}

// The values of one partition of a topic, in order, as "key=value".
std::vector<std::string> read_partition(const KafkaBroker& kafka, const std::string& topic,
                                        int partition) {
  Temporary folder;
  run({"kcat", "-C", "-e", "-q", "-b", kafka.address(), "-t", topic, "-p",
       std::to_string(partition), "-f", "%k=%s\x1e"},
      folder.file("out"));
  std::vector<std::string> found;
  std::string text = read_file(folder.file("out"));
  for (size_t end; (end = text.find('\x1e')) != std::string::npos; text.erase(0, end + 1))
    found.push_back(text.substr(0, end));
  return found;
}

// A message of the exception that `call` throws, "" when it throws none.
template <typename Call>
std::string complaint(const Call& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a temporary folder goes with its object") {
  std::string path;
  {
    const Temporary folder;
    path = folder.path();
    std::ofstream(folder.file("a")) << "text";
    CHECK(std::filesystem::exists(path + "/a"));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("two ports are never the same") {
  const Port one, two;
  CHECK(one.number() != two.number());
  CHECK(one.number() >= 10'000);
  CHECK(two.number() < 32'768);
}

TEST_CASE("a child's exit code, signal and output are known") {
  const Temporary folder;
  Child fine({"sh", "-c", "echo some words; exit 7"}, folder.file("log"));
  CHECK(fine.wait() == 7);
  CHECK(fine.last_lines() == "some words\n");

  Child endless({"sleep", "1000"}, folder.file("log"));
  CHECK(endless.running());
  endless.signal(SIGTERM);
  CHECK(endless.wait() == 128 + SIGTERM);
  CHECK_FALSE(endless.running());
}

TEST_CASE("a program that is missing is an error that names the install script") {
  const Temporary folder;
  const std::string message =
      complaint([&] { Child({"no-such-program-here"}, folder.file("log")); });
  CHECK(message.find("no-such-program-here") != std::string::npos);
  CHECK(message.find("tests/install.sh") != std::string::npos);
}

TEST_CASE("children die with the process that started them") {
  const Temporary folder;
  // The middle process is this test's child; the sleeper is started by a Child inside it.
  const pid_t middle = fork();
  if (middle == 0) {
    Child sleeper({"sleep", "1000"}, folder.file("log"));
    std::ofstream(folder.file("pid.new")) << sleeper.pid();
    std::filesystem::rename(folder.file("pid.new"), folder.file("pid"));
    kill(getpid(), SIGKILL);
  }
  CHECK(waitpid(middle, nullptr, 0) == middle);
  const pid_t sleeper = std::stoi(read_file(folder.file("pid")));
  Child clock({"sleep", "60"}, folder.file("log"));  // the time limit of until()
  until("the end of the sleeper", clock, [&] {
    const std::string state = read_file("/proc/" + std::to_string(sleeper) + "/stat");
    return state.empty() || state.find(") Z ") != std::string::npos;
  });
}

TEST_CASE("Redis keeps what it answered when it is killed and started again") {
  RedisServer redis({.append_only = true, .extra = {"--maxmemory", "64mb"}});
  CHECK(ask(redis, "SET colour blue", 5) == "+OK\r\n");
  redis.kill9();
  CHECK_FALSE(Conversation(redis.port()).ok());
  redis.restart();
  CHECK(ask(redis, "GET colour", 10) == "$4\r\nblue\r\n");
}

TEST_CASE("Redis that cannot start says why") {
  const std::string message = complaint([] {
    RedisServer({.append_only = false, .extra = {"--no-such-option", "1"}});
  });
  CHECK(message.find("Redis on 127.0.0.1:") != std::string::npos);
  CHECK(message.find("no-such-option") != std::string::npos);
}

TEST_CASE("Kafka keeps keys, order and odd bytes, and serves them again after kill -9") {
  KafkaBroker kafka;
  kafka.create_topic("events", 3);
  std::vector<Line> lines;
  for (int i = 0; i < 300; ++i)
    lines.push_back({"key" + std::to_string(i % 10), "value " + std::to_string(i)});
  kafka.produce("events", lines);
  kafka.create_topic("odd", 1);
  kafka.produce("odd", {{"", "two\nlines\tand \x1f more"}, {"k", std::string(2'000'000, 'x')}}, 0);

  kafka.kill9();
  CHECK_FALSE(Conversation(std::stoi(kafka.address().substr(10))).ok());
  kafka.restart();

  std::map<std::string, std::vector<std::string>> by_key;
  for (int partition = 0; partition < 3; ++partition)
    for (const std::string& found : read_partition(kafka, "events", partition))
      by_key[found.substr(0, found.find('='))].push_back(found.substr(found.find('=') + 1));
  CHECK(by_key.size() == 10);
  CHECK(by_key["key7"].size() == 30);
  CHECK(by_key["key7"].front() == "value 7");
  CHECK(by_key["key7"].back() == "value 297");
  const std::vector<std::string> odd = read_partition(kafka, "odd", 0);
  REQUIRE(odd.size() == 2);
  CHECK(odd[0] == "=two\nlines\tand \x1f more");
  CHECK(odd[1].size() == 2'000'002);
}

TEST_CASE("Kafka refuses a topic twice and a topic that nobody made") {
  KafkaBroker kafka;
  kafka.create_topic("once", 1);
  CHECK(complaint([&] { kafka.create_topic("once", 1); }).find("error 36") != std::string::npos);
  CHECK(complaint([&] { kafka.produce("never", {{"k", "v"}}); }) != "");
}

}  // namespace tests
