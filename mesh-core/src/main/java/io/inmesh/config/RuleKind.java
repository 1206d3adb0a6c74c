package io.inmesh.config;

import io.inmesh.model.ConfigObject;
import io.inmesh.model.ObjectMeta;
import org.jspecify.annotations.Nullable;

/** The kinds that are read. */
enum RuleKind {
    VIRTUAL_SERVICE("VirtualService", VirtualServiceTypes.VIRTUAL_SERVICE) {
        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return VirtualServiceRecords.virtualService(meta, spec);
        }
    },
    DESTINATION_RULE("DestinationRule", DestinationRuleTypes.DESTINATION_RULE) {
        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return DestinationRuleRecords.destinationRule(meta, spec);
        }
    },
    SERVICE_ENTRY("ServiceEntry", ServiceEntryTypes.SERVICE_ENTRY) {
        @Override
        ConfigObject record(ObjectMeta meta, Message spec) {
            return ServiceEntryRecords.serviceEntry(meta, spec);
        }
    };

    private final String kind;
    private final MessageType type;

    RuleKind(String kind, MessageType type) {
        this.kind = kind;
        this.type = type;
    }

    static @Nullable RuleKind of(String kind) {
        for (RuleKind candidate : values()) {
            if (candidate.kind.equals(kind)) {
                return candidate;
            }
        }
        return null;
    }

    MessageType type() {
        return type;
    }

    void check(ObjectMeta meta, Message spec, ProblemList problems, boolean lenient) {}

    /** The record; only for a spec without error. */
    abstract ConfigObject record(ObjectMeta meta, Message spec);
}
