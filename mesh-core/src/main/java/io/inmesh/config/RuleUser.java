package io.inmesh.config;

/** For whom rules are read: which of them have effect there. */
public enum RuleUser {
    /** An application that calls. Rules of calls have effect; those of gateways and of what comes in have none. */
    CALLER,
    /** An application whose incoming requests are judged too, as mesh-servlet's filter does: policies have effect as well. */
    SERVER,
    /** A gateway: its Gateways, the rules that are bound to them, and policies have effect beside the rules of calls. */
    GATEWAY;

    /** Whether AuthorizationPolicies and RequestAuthentications have effect. */
    public boolean judgesRequests() {
        return this != CALLER;
    }

    /** Whether Gateways and the VirtualServices that are bound to them have effect. */
    public boolean routesRequests() {
        return this == GATEWAY;
    }
}
