#pragma once
// What IM servers and mail scanners do to links: every URL of a message is fetched by GET and HEAD,
// three times by each of them, before the person has seen it. Only the loopback is visited.
#include <string>
#include <string_view>
#include <vector>

namespace fakes {

const std::vector<std::string>& previewer_agents();

// Visits each distinct URL on 127.0.0.1 in `message`; returns all distinct URLs that a client would
// take for a link to be fetched, schemas left out.
std::vector<std::string> preview(std::string_view message);

}  // namespace fakes
