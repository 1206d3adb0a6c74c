package io.inmesh.spring.boot;

import io.inmesh.config.RuleUser;

/** There where a filter stands before the application, with which policies among the rules have effect. */
record JudgedRequests(boolean byPolicies) {
    /** For whom rules are read. */
    RuleUser ruleUser() {
        return byPolicies ? RuleUser.SERVER : RuleUser.CALLER;
    }

    /**
     * For whom rules of a cluster are read. Its policies may be there for sidecars: they have no effect just because the
     * starter was added.
     *
     * @param policies whether they are asked for
     */
    RuleUser ruleUserInCluster(boolean policies) {
        return policies ? ruleUser() : RuleUser.CALLER;
    }
}
