// Loading goes file by file, then across files, then through the compiler, then through the rules'
// own examples; every stage goes on after errors, so that an author sees all of them at once.
#include "rules/book.h"

#include "core/hash.h"
#include "rules/catalogue.h"
#include "rules/examples.h"
#include "rules/findings.h"
#include "rules/guises.h"
#include "rules/hygiene.h"
#include "rules/keyed_hash.h"
#include "rules/loaded_book.h"
#include "rules/policy_files.h"
#include "rules/word_lists.h"

namespace rules {

namespace {

class Loading {
 public:
  enum class From { Files, Archive };

  Loading(std::deque<SourceFile> sources, From from, std::string_view hash_key,
          const std::string& cache, Findings& findings)
      : book_(std::make_shared<LoadedBook>()), from_(from), findings_(findings), cache_(cache) {
    book_->sources_ = std::move(sources);
    if (from == From::Archive) zones_ = Zones(file_of(Role::Zones), findings);
    book_->hash_key_ = hash_key.empty() ? kPublicHashKey : hash_key;
  }

  std::shared_ptr<const Book> run(bool examples_decide) {
    read_files();
    read_word_files();
    keep_zones();
    book_->bytes_ = to_archive(book_->sources_);
    book_->hash_ = core::hex16(core::hash64(book_->bytes_));
    check_across();
    Vocabulary vocabulary;
    core::Policy& policy = book_->policy_;
    book_->program_ = link({packs_, shared_lists_, word_files_, taxonomy_, policy.ladders},
                           vocabulary, findings_);
    const SourceFile* products = file_of(Role::Products);
    book_->names_ =
        Names(policy.catalogue, book_->program_.couriers, vocabulary, products, findings_);
    index_triggers(book_->program_, vocabulary);
    if (!compile(vocabulary)) return nullptr;
    if (from_ == From::Files) {
      check_words(packs_, book_->program_, vocabulary, findings_);
      check_overlaps(book_->program_, findings_);
    }
    mask_names(*book_, products, findings_);
    if (examples_decide) run_examples(*book_, findings_);
    return findings_.has_error() ? nullptr : book_;
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const SourceFile& file : book_->sources_)
      if (file.role != Role::Zones) all.push_back(file.name);
    return all;
  }

 private:
  void read_files() {
    core::Policy& policy = book_->policy_;
    for (const SourceFile& file : book_->sources_) {
      if (!file.readable) continue;
      switch (file.role) {
        case Role::Taxonomy:
          taxonomy_ = read_taxonomy(file, findings_);
          break;
        case Role::Lists:
          shared_lists_ = read_lists(file, findings_);
          break;
        case Role::Limits:
          read_limits(file, findings_, policy.limits);
          break;
        case Role::Pack:
          packs_.push_back(read_pack(file, findings_));
          break;
        case Role::Baselines:
          read_baselines(file, findings_, policy.limits);
          break;
        case Role::Ladders: {
          LaddersAndPeople ladders = read_ladders(file, zones_, findings_);
          policy.ladders = std::move(ladders.ladders);
          policy.people = std::move(ladders.people);
          policy.roles = std::move(ladders.roles);
          policy.rotas = std::move(ladders.rotas);
          policy.options = std::move(ladders.options);
          policy.actions = std::move(ladders.actions);
          policy.inhibitions = std::move(ladders.inhibitions);
          policy.mute_times = std::move(ladders.mute_times);
          policy.zones = zones_.found();
          policy.four_eyes_over_cny = ladders.four_eyes_over_cny;
          policy.fallback_person = std::move(ladders.fallback_person);
          break;
        }
        default:
          break;  // the catalogue's four files belong together
      }
    }
    CatalogueFiles catalogue = read_catalogue(book_->sources_, findings_);
    policy.catalogue = std::move(catalogue.catalogue);
    book_->service_channels_ = std::move(catalogue.service_channels);
    policy.issues = taxonomy_.issues;
  }

  // Files of words that lists name. They belong to the Book like the file that names them.
  void read_word_files() {
    if (const SourceFile* lists = file_of(Role::Lists)) read_word_files("", *lists, shared_lists_);
    for (const Pack& pack : packs_) read_word_files(pack.id, *pack.place.file, pack.lists);
  }

  void read_word_files(const std::string& pack, const SourceFile& user,
                       const std::vector<WordList>& lists) {
    for (const WordList& list : lists)
      for (const Item& item : list.items) {
        if (item.kind != Item::Kind::File) continue;
        const SourceFile& file = words_file(book_->sources_, user, item.text,
                                            pack + ":" + item.text, item.place, findings_);
        if (file.readable) word_files_[pack][item.text] = read_word_file(file, findings_);
      }
  }

  // What the machine said of zones belongs to the Book from now on.
  void keep_zones() {
    std::string text = zones_.text();
    if (text.empty() || file_of(Role::Zones) != nullptr) return;
    SourceFile& file = book_->sources_.emplace_back();
    file.role = Role::Zones;
    file.order = static_cast<int>(book_->sources_.size());
    file.name = "zones.tsv";
    file.bytes = std::move(text);
  }

  void check_across() {
    std::vector<std::string_view> known;
    for (const auto& [id, ladder] : book_->policy_.ladders) known.push_back(id);
    for (const Reference& ladder : taxonomy_.ladders)
      if (!book_->policy_.ladders.contains(ladder.name))
        findings_.error(
            ladder.place, "unknown-ladder",
            both("没有定义 " + quoted(ladder.name), "unknown ladder " + quoted(ladder.name)),
            nearest(ladder.name, known));
  }

  // nullptr when no rule is aggressive.
  std::shared_ptr<const Guises> make_guises(const Vocabulary& vocabulary) {
    if (book_->program_.guise_words.empty()) return nullptr;
    std::vector<Guises::Word> words;
    for (const uint32_t id : book_->program_.guise_words)
      words.push_back({id, vocabulary.words()[id]});
    std::shared_ptr<const Guises> guises = Guises::create(words, kGuises);
    if (guises->left_out() != 0) {
      const std::string n = std::to_string(guises->left_out());
      findings_.warning({}, "too-many-aggressive",
                        both("`fold: aggressive` 的词太多，" + n + " 个只按原样查找",
                             n + " words of `fold: aggressive` beyond the limit are looked for as "
                                 "they are written only"));
    }
    return guises;
  }

  // False when there is no matcher. Expressions that do not compile are reported one by one: each
  // is replaced by one that cannot match, so that the next can be found.
  bool compile(const Vocabulary& vocabulary) {
    std::vector<Expression> expressions = vocabulary.expressions();
    const std::shared_ptr<const Guises> guises = make_guises(vocabulary);
    for (size_t tries = 0; tries <= expressions.size(); ++tries) {
      CompileError error;
      book_->matcher_ = Matcher::create(vocabulary.words(), expressions, error, cache_, guises);
      if (book_->matcher_ != nullptr) {
        book_->words_ = vocabulary.words();
        book_->word_places_ = vocabulary.word_places();
        for (const Expression& expression : expressions)
          book_->expressions_.push_back(expression.pattern);
        for (uint32_t i = 0; i < expressions.size(); ++i)
          book_->word_places_.emplace(kFirstExpression + i, vocabulary.place_of_expression(i));
        return true;
      }
      if (error.expression < 0) {
        findings_.error({}, "does-not-compile",
                        both("规则编译失败", "the rules do not compile: " + error.message));
        return false;
      }
      const auto i = static_cast<size_t>(error.expression);
      findings_.error(vocabulary.place_of_expression(i), "bad-expression",
                      both("正则写法不支持", "expression not supported: " + error.message));
      expressions[i] = {"\\x{10FFFF}", {}, 0};
    }
    return false;
  }

  const SourceFile* file_of(Role role) const {
    for (const SourceFile& file : book_->sources_)
      if (file.role == role) return &file;
    return nullptr;
  }

  std::shared_ptr<LoadedBook> book_;
  From from_;
  Findings& findings_;
  const std::string cache_;
  Zones zones_;
  Taxonomy taxonomy_;
  std::vector<WordList> shared_lists_;
  std::map<std::string, WordFiles, std::less<>> word_files_;  // by pack, "" for shared_lists_
  std::vector<Pack> packs_;
};

}  // namespace

std::shared_ptr<const Book> load_book(const BookFiles& files, std::vector<Finding>& findings,
                                      std::vector<std::string>* read) {
  Findings found;
  std::deque<SourceFile> sources = read_sources(files, found);
  // Findings point at the files until they are taken: the loading holds them.
  Loading loading(std::move(sources), Loading::From::Files, files.hash_key, files.cache, found);
  std::shared_ptr<const Book> book = loading.run(files.examples_decide);
  for (Finding& finding : found.take()) findings.push_back(std::move(finding));
  if (read != nullptr) *read = loading.paths();
  return book;
}

std::vector<Finding> check_sources(std::deque<SourceFile> sources) {
  Findings found;
  Loading loading(std::move(sources), Loading::From::Files, {}, {}, found);
  loading.run(true);
  return found.take();
}

core::Result<std::shared_ptr<const Book>> load_archive(std::string_view bytes,
                                                       std::string_view hash_key,
                                                       const std::string& cache) {
  core::Result<std::deque<SourceFile>> sources = from_archive(bytes);
  if (!sources) return sources.error();
  Findings found;
  Loading loading(std::move(*sources), Loading::From::Archive, hash_key, cache, found);
  std::shared_ptr<const Book> book = loading.run(true);
  if (book != nullptr) return book;
  for (const Finding& finding : found.take())
    if (finding.severity == Severity::Error)
      return core::Error{core::Code::BadInput, "stored Book: " + to_text(finding)};
  return core::Error{core::Code::BadInput, "stored Book does not load"};
}

}  // namespace rules
