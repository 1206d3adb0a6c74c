package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageType;
import io.inmesh.internal.text.MessageType.Kind;

/** Messages of ServiceEntry, after networking/v1alpha3/service_entry.proto and workload_entry.proto of Istio's API. */
final class ServiceEntryTypes {
    static final MessageType WORKLOAD_ENTRY = MessageType.of("WorkloadEntry")
            .string("address")
            .valueMap("ports", Kind.UINT32)
            .stringMap("labels")
            .string("network")
            .string("locality")
            .value("weight", Kind.UINT32)
            .string("serviceAccount")
            .build();

    static final MessageType SERVICE_ENTRY = MessageType.of("ServiceEntry")
            .strings("hosts")
            .strings("addresses")
            .messages(
                    "ports",
                    MessageType.of("ServicePort")
                            .value("number", Kind.UINT32)
                            .string("protocol")
                            .string("name")
                            .value("targetPort", Kind.UINT32)
                            .build())
            .choice("location", "MESH_EXTERNAL", "MESH_INTERNAL")
            .choice("resolution", "NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS")
            .messages("endpoints", WORKLOAD_ENTRY)
            .message(
                    "workloadSelector",
                    MessageType.of("WorkloadSelector").stringMap("labels").build())
            .strings("exportTo")
            .strings("subjectAltNames")
            .build();

    private ServiceEntryTypes() {}
}
