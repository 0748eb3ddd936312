#pragma once
// The fixture of the apps' tests: the three vendors' apps, a pager and a receiver that are real
// servers, and the courier that sends to them.
#include <string>

#include "tests/alerting/channel_house.h"
#include "tests/fakes/feishu_app.h"
#include "tests/fakes/pagerduty.h"
#include "tests/fakes/slack_app.h"
#include "tests/fakes/webhook_receiver.h"
#include "tests/fakes/wecom_app.h"

struct AppOffice : House {
  fakes::WecomApp wecom{clock};
  fakes::FeishuApp feishu{clock};
  fakes::SlackApp slack{clock};
  fakes::Pagerduty pagerduty{clock};
  fakes::WebhookReceiver receiver{clock, "0123456789abcdef01234567"};

  AppOffice() {
    const fakes::WecomAppRules wecom_app;
    const fakes::FeishuAppRules feishu_app;
    const fakes::SlackAppRules slack_app;
    alerting::Destination to{"wecom_app:qa", "wecom_app", wecom.url(), {wecom_app.secret}, true};
    to.options = {{"corp", wecom_app.corp}, {"agent", std::to_string(wecom_app.agent)}};
    to.callback_token = wecom_app.callback_token;
    to.callback_key = wecom_app.callback_key;
    destinations.push_back(to);
    to = {"feishu_app:qa", "feishu_app", feishu.url(), {feishu_app.secret}, true};
    to.options = {{"app", feishu_app.app}};
    to.callback_token = feishu_app.callback_token;
    destinations.push_back(to);
    to = {"slack_app:qa", "slack_app", slack.url(), {slack_app.token}, true};
    to.callback_key = slack_app.signing_secret;
    destinations.push_back(to);
    const std::string key = fakes::Pagerduty::routing_key();
    destinations.push_back({"pagerduty:qa", "pagerduty", pagerduty.url(), {key}, true});
    const std::string signing = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
    destinations.push_back({"webhook:qa", "webhook", receiver.url(), {signing}, true});
    restart();
    warm_up();
  }

  // To a person whom each vendor knows by another id.
  static core::Notification told(const std::string& channel, int incident = 1,
                                 uint32_t revision = 1,
                                 core::Cause cause = core::Cause::Escalated) {
    core::Notification n = fakes::sample(channel, incident, revision, cause);
    n.person = "qing";
    n.contacts = {{"wecom", "wangqing"}, {"feishu", "ou_1"}, {"slack", "U1"}};
    n.id = core::notification_id(n);
    return n;
  }
};
