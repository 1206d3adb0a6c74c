package io.inmesh.spring.boot;

import io.inmesh.config.RuleUser;

/** There where a filter stands before the application, with which policies among the rules have effect. */
record JudgedRequests(boolean byPolicies) {
    /** For whom rules are read. */
    RuleUser ruleUser() {
        return byPolicies ? RuleUser.SERVER : RuleUser.CALLER;
    }
}
