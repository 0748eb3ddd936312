#pragma once
// Parts of the settings file that have files of their own: secrets, channels, the heartbeat,
// retention. Private to engine/settings*.cc.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/settings.h"
#include "rules/reading.h"

namespace engine {

std::string resolved(const std::filesystem::path& folder, const std::string& path);

// A secret is written `{env: NAME}` or `{file: PATH}`, never in the settings themselves.
std::optional<std::string> secret(rules::Reading& r, const rules::Node& n,
                                  const std::filesystem::path& folder);
// Plain text, or a secret.
std::optional<std::string> text_or_secret(rules::Reading& r, const rules::Node& n,
                                          const std::filesystem::path& folder);

void read_channels(rules::Reading& r, const rules::Node& n, const std::filesystem::path& folder,
                   std::vector<alerting::Destination>& out);
void read_heartbeat(rules::Reading& r, const rules::Node& n, const std::filesystem::path& folder,
                    HeartbeatSettings& out);
void read_console(rules::Reading& r, const rules::Node& n, const std::filesystem::path& folder,
                  ConsoleSettings& out);
void read_archive(rules::Reading& r, const rules::Node& n, const std::filesystem::path& folder,
                  ArchiveSettings& out);
void read_retention(rules::Reading& r, const rules::Node& n, RetentionSettings& out);

}  // namespace engine
