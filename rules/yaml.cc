// yaml-cpp is used for its events only: its own tree hides duplicate keys and keeps aliases as
// shared, possibly circular nodes.
#include "rules/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "core/text/utf8.h"
#include "rules/yaml_hint.h"

namespace rules {

namespace {

struct Refused {};  // thrown inside the library's parse, caught in parse_yaml

size_t count_nodes(const Node& node) {
  size_t n = 1 + node.keys.size();
  for (const Node& item : node.items) n += count_nodes(item);
  return n;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceFile& file, std::string_view bytes, Findings& findings)
      : file_(file), findings_(findings) {
    for (size_t begin = 0; begin <= bytes.size();) {
      const size_t end = std::min(bytes.find('\n', begin), bytes.size());
      lines_.push_back(bytes.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  Node take() { return std::move(root_); }

  // The library counts lines from 0 and columns in bytes. Nodes come in order, so the code points
  // of a line are counted once, from where the last one was.
  Place place(const YAML::Mark& mark) {
    const auto line = static_cast<size_t>(std::max(mark.line, 0));
    const auto bytes = static_cast<size_t>(std::max(mark.column, 0));
    if (line >= lines_.size()) return {&file_, mark.line + 1, mark.column + 1};
    if (line != counted_line_ || bytes < counted_bytes_) {
      counted_line_ = line;
      counted_bytes_ = counted_chars_ = 0;
    }
    const std::string_view text = lines_[line].substr(0, bytes);
    counted_chars_ +=
        core::text::count_code_points(text.substr(std::min(counted_bytes_, text.size())));
    counted_bytes_ = text.size();
    return {&file_, mark.line + 1, static_cast<int>(counted_chars_) + 1};
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(node(mark, Node::Kind::Null), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node scalar = node(mark, Node::Kind::Scalar);
    scalar.plain = tag != "!";
    scalar.text = value;
    add(std::move(scalar), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(node(mark, Node::Kind::List), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(node(mark, Node::Kind::Map), anchor);
  }
  void OnMapEnd() override { close(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end())
      refuse(mark, "alias-loop", both("别名指向它自己", "an alias inside the node it stands for"));
    nodes_ += count_nodes(it->second);
    check_size(mark);
    add(Node(it->second), 0);
  }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor;
    bool skip_value = false;  // the key before was a duplicate
  };

  Node node(const YAML::Mark& mark, Node::Kind kind) {
    ++nodes_;
    check_size(mark);
    const Place at = place(mark);
    Node n;
    n.kind = kind;
    n.line = at.line;
    n.column = at.column;
    return n;
  }

  void check_size(const YAML::Mark& mark) {
    if (nodes_ > kYamlNodesMax)
      refuse(mark, "too-large", both("展开别名后内容太多", "too much content, aliases expanded"));
  }

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string_view code, std::string message) {
    findings_.error(place(mark), code, std::move(message));
    throw Refused();
  }

  void open(Node node, YAML::anchor_t anchor) {
    if (stack_.size() >= kYamlDepthMax) {
      findings_.error({&file_, node.line, node.column}, "too-deep",
                      both("嵌套太深", "nested too deeply"));
      throw Refused();
    }
    stack_.push_back({std::move(node), anchor});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(frame.node), frame.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = stack_.back();
    if (parent.node.kind == Node::Kind::List) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.skip_value) {
      parent.skip_value = false;
    } else if (parent.node.keys.size() == parent.node.items.size()) {
      add_key(parent, std::move(node));
    } else {
      parent.node.items.push_back(std::move(node));
    }
  }

  void add_key(Frame& parent, Node key) {
    const Place at{&file_, key.line, key.column};
    if (key.kind != Node::Kind::Scalar) {
      findings_.error(at, "wrong-type", both("键必须是一个词", "a key must be a word"));
      parent.skip_value = true;
      return;
    }
    if (parent.node.keys.size() >= kYamlKeysMax) {
      findings_.error(at, "too-large", both("一处的键太多", "too many keys in one place"));
      throw Refused();
    }
    for (const Node& known : parent.node.keys) {
      if (known.text != key.text) continue;
      const std::string where = std::to_string(known.line);
      findings_.error(at, "duplicate-key",
                      both("键 " + quoted(key.text) + " 重复，第 " + where + " 行已有",
                           "duplicate key, first on line " + where));
      parent.skip_value = true;
      return;
    }
    parent.node.keys.push_back(std::move(key));
  }

  const SourceFile& file_;
  Findings& findings_;
  std::vector<std::string_view> lines_;
  size_t counted_line_ = 0, counted_bytes_ = 0, counted_chars_ = 0;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Node> anchors_;  // finished nodes only
  Node root_;
  size_t nodes_ = 0;
};

// A control character ends the library's input silently (it takes U+0004 for the end).
bool check_characters(const SourceFile& file, std::string_view text, Findings& findings) {
  Place place{&file, 1, 1};
  for (const char byte : text) {
    const auto c = static_cast<unsigned char>(byte);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
      findings.error(place, "control-character", both("这里有控制字符", "a control character"));
      return false;
    }
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((c & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  return true;
}

}  // namespace

const Node* Node::value(std::string_view key) const {
  for (size_t i = 0; i < keys.size() && i < items.size(); ++i)
    if (keys[i].text == key) return &items[i];
  return nullptr;
}

std::optional<Node> parse_yaml(const SourceFile& file, Findings& findings) {
  std::string_view text = file.bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!check_characters(file, text, findings)) return std::nullopt;
  TreeBuilder builder(file, text, findings);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return Node();
    Node root = builder.take();
    TreeBuilder rest(file, text, findings);
    if (parser.HandleNextDocument(rest)) {
      const Node second = rest.take();
      findings.error({&file, second.line, second.column}, "second-document",
                     both("一个文件只能有一份文档", "only one document a file"));
      return std::nullopt;
    }
    return root;
  } catch (const YAML::Exception& e) {
    const Place place = builder.place(e.mark);
    findings.error(place, "yaml-syntax", yaml_complaint(e.msg), yaml_hint(text, place.line));
  } catch (const Refused&) {
  }
  return std::nullopt;
}

}  // namespace rules
