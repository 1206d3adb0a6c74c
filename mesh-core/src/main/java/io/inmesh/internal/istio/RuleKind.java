package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageType;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.WorkloadEntryObject;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds that are read. */
enum RuleKind {
    VIRTUAL_SERVICE("VirtualService", VirtualServiceTypes.VIRTUAL_SERVICE) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks, NotExecuted notExecuted) {
            new VirtualServiceRules(checks).check(meta, spec);
            notExecuted.virtualService(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return VirtualServiceRecords.virtualService(meta, spec);
        }
    },
    DESTINATION_RULE("DestinationRule", DestinationRuleTypes.DESTINATION_RULE) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks, NotExecuted notExecuted) {
            new DestinationRuleRules(checks).check(meta, spec);
            notExecuted.destinationRule(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return DestinationRuleRecords.destinationRule(meta, spec);
        }
    },
    SERVICE_ENTRY("ServiceEntry", ServiceEntryTypes.SERVICE_ENTRY) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks, NotExecuted notExecuted) {
            new ServiceEntryRules(checks).check(meta, spec);
            notExecuted.serviceEntry(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return ServiceEntryRecords.serviceEntry(meta, spec);
        }
    },
    WORKLOAD_ENTRY("WorkloadEntry", ServiceEntryTypes.WORKLOAD_ENTRY) {
        @Override
        void check(ObjectMeta meta, Message spec, RuleChecks checks, NotExecuted notExecuted) {
            new ServiceEntryRules(checks).workloadEntry(spec);
            notExecuted.workloadEntry(spec);
        }

        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return new WorkloadEntryObject(meta, ServiceEntryRecords.endpoint(spec));
        }
    };

    private final String kind;
    private final MessageType type;
    private final MessageType objectType;

    RuleKind(String kind, MessageType type) {
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

    static @Nullable RuleKind of(String kind) {
        for (RuleKind candidate : values()) {
            if (candidate.kind.equals(kind)) {
                return candidate;
            }
        }
        return null;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(candidate -> candidate.kind).toList();
    }

    String kind() {
        return kind;
    }

    /** Fields of the spec. */
    MessageType type() {
        return type;
    }

    /** Fields at the top of an object. */
    MessageType objectType() {
        return objectType;
    }

    /** Reports what Istio's validation says, then what InMesh does not execute. */
    abstract void check(ObjectMeta meta, Message spec, RuleChecks checks, NotExecuted notExecuted);

    /** The record; only for a spec without error. */
    abstract ConfigObject record(ObjectMeta meta, Message spec);
}
