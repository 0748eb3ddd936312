// Why a rung of the ladder was entered: the bound that was crossed.
#include "alerting/sentences/sentences.h"

namespace alerting::sentences {

namespace {

constexpr Row kRows[] = {
    {"rung_always", "每起事件都告知本级", "this rung is told of every incident"},
    {"rung_level", "预警级别达到{level:level}", "the level reached {level:level}"},
    {"rung_groups", "已波及 {groups} 个群，达到 {bound} 个群的界限",
     "{groups:group} reached, the bound is {bound}"},
    {"rung_people", "约 {people} 人看到，超过 {bound} 人的界限",
     "about {people} people exposed, above the bound of {bound}"},
    {"rung_loss",
     "预期损失约 {loss_cny} 元，超过 {bound_cny} 元的界限（估算：{sku:text} 近 7 天售出 {units} 件 "
     "× 单价 {price_fen:fen} 元 × 假定 {share_permille:share} 须赔付）",
     "expected loss about CNY {loss_cny}, above the bound of {bound_cny} (estimate: {units} units "
     "of {sku:text} sold in 7 days x price {price_fen:fen} x assumed share "
     "{share_permille:share})"},
    {"rung_people_ahead",
     "预计 {within_minutes:span}后约有 {people} 人看到，超过 {bound} 人的可能性约 "
     "{chance_permille:share}",
     "about {people} people exposed {within_minutes:span} ahead; the chance of more than {bound} "
     "is about {chance_permille:share}"},
    {"rung_loss_chance",
     "损失超过 {bound_cny} 元的可能性约 {chance_permille:share}（预期约 {loss_cny} 元）",
     "the chance of a loss above CNY {bound_cny} is about {chance_permille:share} (expected about "
     "{loss_cny})"},
    {"rung_speed", "最近 1 小时新增 {groups} 个群，超过每小时 {bound} 个的界限",
     "{groups:new group} in the last hour, the bound is {bound}"},
    {"rung_threats", "同一客户或订单 {threats} 次扬言曝光，达到 {bound} 次的界限",
     "{threats:exposure threat} by one customer or order, the bound is {bound}"},
};

}  // namespace

std::span<const Row> rungs() { return kRows; }

}  // namespace alerting::sentences
