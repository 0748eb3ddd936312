#pragma once
// Who calls, coarsely, for the audit: an address or a browser's whole name is personal data and is
// not kept. Never a ground to refuse or to trust. Pure.
#include <string>
#include <string_view>

namespace console {

// loopback private public unknown
std::string address_class(std::string_view address);
// preview wecom dingtalk feishu slack browser program other; preview: a program known to fetch
// links before people do.
std::string agent_class(std::string_view user_agent);

}  // namespace console
