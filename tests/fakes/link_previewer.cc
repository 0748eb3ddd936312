#include "tests/fakes/link_previewer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace fakes {

namespace {

constexpr std::string_view kLoopback = "http://127.0.0.1:";

void visit(const std::string& url, std::string_view method, const std::string& agent) {
  const std::string rest = url.substr(kLoopback.size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(rest.substr(0, slash).c_str())));
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string target = slash < rest.size() ? rest.substr(slash) : "/";
    const std::string request = std::string(method) + " " + target +
                                " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: " + agent +
                                "\r\nConnection: close\r\n\r\n";
    char answer[4096];
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0)
      (void)!::recv(socket, answer, sizeof answer, 0);  // it was read once it is answered
  }
  ::close(socket);
}

}  // namespace

const std::vector<std::string>& previewer_agents() {
  static const std::vector<std::string> kAgents = {
      "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
      "DingTalkBot-LinkService/1.0 (+https://open-doc.dingtalk.com/microapp/faquestions/ftpfeu)",
      "DingTalkBot-SecurityService/1.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"};
  return kAgents;
}

std::vector<std::string> preview(std::string_view message) {
  std::vector<std::string> urls;
  for (size_t at = message.find("http"); at != std::string_view::npos;
       at = message.find("http", at + 4)) {
    std::string_view url = message.substr(at);
    url = url.substr(0, std::min(url.find_first_of("\"\\ )<>"), url.size()));
    if (!url.starts_with("http://") && !url.starts_with("https://")) continue;
    const bool schema = url.starts_with("http://adaptivecards.io/");
    if (!schema && std::ranges::find(urls, url) == urls.end()) urls.emplace_back(url);
  }
  for (const std::string& url : urls)
    for (int round = 0; url.starts_with(kLoopback) && round < 3; ++round)
      for (const std::string& agent : previewer_agents())
        for (const std::string_view method : {"GET", "HEAD"}) visit(url, method, agent);
  return urls;
}

}  // namespace fakes
