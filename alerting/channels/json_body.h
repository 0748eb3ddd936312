#pragma once
// How JSON leaves us: compact UTF-8, never \u escapes, which double the size of Chinese and which
// WeCom refuses (40033). A template, so that no library's header is needed here.
#include <string>
#include <utility>

#include "alerting/exchange.h"

namespace alerting {

template <class Json>
std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

inline HttpRequest json_post(std::string url, std::string body) {
  HttpRequest request;
  request.url = std::move(url);
  request.body = std::move(body);
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  return request;
}

}  // namespace alerting
