package io.inmesh.internal.istio;

import io.inmesh.config.RuleUser;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageType;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.WorkloadEntryObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds that are read. */
enum RuleKind {
    VIRTUAL_SERVICE(ApiGroup.NETWORKING, "VirtualService", VirtualServiceTypes.VIRTUAL_SERVICE) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new VirtualServiceRules(checks).check(meta, spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            notExecuted.virtualService(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return VirtualServiceRecords.virtualService(meta, spec);
        }
    },
    DESTINATION_RULE(ApiGroup.NETWORKING, "DestinationRule", DestinationRuleTypes.DESTINATION_RULE) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new DestinationRuleRules(checks).check(meta, spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            notExecuted.destinationRule(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return DestinationRuleRecords.destinationRule(meta, spec);
        }
    },
    SERVICE_ENTRY(ApiGroup.NETWORKING, "ServiceEntry", ServiceEntryTypes.SERVICE_ENTRY) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new ServiceEntryRules(checks).check(meta, spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            notExecuted.serviceEntry(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return ServiceEntryRecords.serviceEntry(meta, spec);
        }
    },
    WORKLOAD_ENTRY(ApiGroup.NETWORKING, "WorkloadEntry", ServiceEntryTypes.WORKLOAD_ENTRY) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new ServiceEntryRules(checks).workloadEntry(spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            notExecuted.workloadEntry(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return new WorkloadEntryObject(meta, ServiceEntryRecords.endpoint(spec));
        }
    },
    GATEWAY(ApiGroup.NETWORKING, "Gateway", GatewayTypes.GATEWAY) {
        @Override
        boolean concerns(RuleUser user) {
            return user.routesRequests();
        }

        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new GatewayServerRules(checks).check(meta, spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            new NotExecutedInbound(notExecuted).gateway(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return GatewayRecords.gateway(meta, spec);
        }
    },
    AUTHORIZATION_POLICY(ApiGroup.SECURITY, "AuthorizationPolicy", SecurityTypes.AUTHORIZATION_POLICY) {
        @Override
        boolean concerns(RuleUser user) {
            return user.judgesRequests();
        }

        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new AuthorizationPolicyRules(checks).check(spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            new NotExecutedInbound(notExecuted).authorizationPolicy(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return SecurityRecords.authorizationPolicy(meta, spec);
        }
    },
    REQUEST_AUTHENTICATION(ApiGroup.SECURITY, "RequestAuthentication", SecurityTypes.REQUEST_AUTHENTICATION) {
        @Override
        boolean concerns(RuleUser user) {
            return user.judgesRequests();
        }

        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks) {
            new RequestAuthenticationRules(checks).check(spec);
        }

        @Override
        void report(Message spec, NotExecuted notExecuted) {
            new NotExecutedInbound(notExecuted).requestAuthentication(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return SecurityRecords.requestAuthentication(meta, spec);
        }
    };

    private final ApiGroup group;
    private final String kind;
    private final MessageType type;
    private final MessageType objectType;

    RuleKind(ApiGroup group, String kind, MessageType type) {
        this.group = group;
        this.kind = kind;
        this.type = type;
        MessageType metadata = MessageType.of("ObjectMeta")
                .string("name")
                .string("namespace")
                .stringMap("labels")
                .stringMap("annotations")
                .string("creationTimestamp")
                .build();
        objectType = MessageType.of(kind)
                .string("apiVersion")
                .string("kind")
                .message("metadata", metadata)
                .message("spec", type)
                .message("status", MessageType.of("Status").build())
                .build();
    }

    /** The kind of this name, whatever its API group; null when none has it. */
    static @Nullable RuleKind of(String kind) {
        for (RuleKind candidate : values()) {
            if (candidate.kind.equals(kind)) {
                return candidate;
            }
        }
        return null;
    }

    /** The kind that an object says it is of, null when it is not read. */
    static @Nullable RuleKind of(String apiVersion, String kind) {
        RuleKind named = of(kind);
        return named != null && named.group.hasVersion(apiVersion) ? named : null;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(candidate -> candidate.kind).toList();
    }

    /** {@code A, B of group/v1 and C of other/v1}. */
    static String list() {
        return Arrays.stream(ApiGroup.values())
                .map(group -> Arrays.stream(values())
                                .filter(candidate -> candidate.group == group)
                                .map(candidate -> candidate.kind)
                                .collect(Collectors.joining(", "))
                        + " of " + group.newest())
                .collect(Collectors.joining(" and "));
    }

    String kind() {
        return kind;
    }

    ApiGroup group() {
        return group;
    }

    /** Whether it refuses requests: what cannot be read of it must not open a door. */
    boolean isPolicy() {
        return group == ApiGroup.SECURITY;
    }

    /** Whether it has effect where rules are read for this user. */
    boolean concerns(RuleUser user) {
        return true;
    }

    /** Fields of the spec. */
    MessageType type() {
        return type;
    }

    /** Fields at the top of an object. */
    MessageType objectType() {
        return objectType;
    }

    /** Reports what Istio's validation says. */
    abstract void check(ObjectMeta meta, Message spec, RuleChecks checks);

    /** Reports what InMesh does not execute. */
    abstract void report(Message spec, NotExecuted notExecuted);

    /** The record; only for a spec without error. */
    abstract ConfigObject record(ObjectMeta meta, Message spec);
}
