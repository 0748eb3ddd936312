#include "console/html.h"

#include "console/crypt.h"

namespace console {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
  }
  return out;
}

std::string shortened(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  size_t end = bytes > 3 ? bytes - 3 : 0;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

namespace {

// For a thumb on a phone; named by its hash in the policy, so that no other style is taken.
constexpr std::string_view kStyle =
    "body{font:17px/1.5 sans-serif;margin:0 auto;max-width:34rem;padding:1rem}"
    "h1{font-size:1.4rem}label{display:block}"
    "input[type=radio],input[type=checkbox]{width:1.3rem;height:1.3rem}"
    "textarea,input[type=password]{width:100%;box-sizing:border-box;font:inherit;padding:.4rem}"
    "button{width:100%;font:inherit;padding:.7rem;border:0;border-radius:.4rem;background:#b3261e;"
    "color:#fff}";

const std::string& policy() {
  static const std::string text = "default-src 'none'; form-action 'self'; style-src 'sha256-" +
                                  to_base64url(sha256(kStyle)) +
                                  "='; base-uri 'none'; frame-ancestors 'none'";
  return text;
}

}  // namespace

Response page(int status, std::string_view heading, const std::string& inside) {
  Response response;
  response.status = status;
  response.body =
      "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>晴雨 Qingyu</title><style>" +
      std::string(kStyle) + "</style></head><body><h1>" + escaped(heading) + "</h1>" + inside +
      "</body></html>\n";
  response.headers = {
      {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"},
      {"X-Robots-Tag", "noindex"},   {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},   {"Content-Security-Policy", policy()},
  };
  return response;
}

Response not_found() {
  return page(404, "链接不可用",
              "<p>链接无效、已过期，或已被更新的消息取代。请打开最近一条消息里的链接。</p>"
              "<p>This link is not valid, has expired, or a newer message has replaced it.</p>");
}

Response not_from_our_page() {
  return page(403, "请重新打开链接",
              "<p>这次提交不是来自刚打开的页面，什么也没有改变。</p>"
              "<p>Nothing was changed. Open the link again and press there.</p>");
}

Response unavailable() {
  return page(503, "暂时不可用",
              "<p>请稍后再试，什么也没有改变。</p><p>Try again later. Nothing was changed.</p>");
}

}  // namespace console
