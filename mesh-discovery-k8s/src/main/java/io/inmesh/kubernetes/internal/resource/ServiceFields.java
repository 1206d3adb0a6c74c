package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.resource.Service.Port;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects a {@link Service}. */
final class ServiceFields extends ObjectFields<Service> {
    private static final SharedValues SHARED = new SharedValues();
    private static final int LAST_PORT = 65_535;

    private String type = "ClusterIP";
    private String clusterIp = "";
    private List<String> clusterIps = List.of();
    private List<String> ipFamilies = List.of();
    private List<Port> ports = List.of();
    private Map<String, String> selector = Map.of();
    private String externalName = "";
    private String internalTrafficPolicy = "";
    private String trafficDistribution = "";

    private ServiceFields(JsonParser json) {
        super(new JsonCursor(json, SHARED), MetadataFields.NONE, ServiceFields::keepsAnnotation);
    }

    private static boolean keepsAnnotation(String key) {
        return key.equals(Resources.EXPORT_TO) || key.equals(Resources.TRAFFIC_DISTRIBUTION);
    }

    static Service read(JsonParser json) throws IOException {
        return new ServiceFields(json).read();
    }

    @Override
    void field(String name) throws IOException {
        if (name.equals("spec")) {
            json.object(this::spec);
        } else {
            json.skip();
        }
    }

    @Override
    Service result(Metadata metadata) {
        return new Service(
                metadata,
                type,
                clusterIps.isEmpty() && !clusterIp.isEmpty() ? List.of(clusterIp) : clusterIps,
                ipFamilies,
                ports,
                selector,
                externalName,
                internalTrafficPolicy,
                trafficDistribution);
    }

    private void spec(String field) throws IOException {
        switch (field) {
            case "type" -> type = json.sharedTextOr("ClusterIP");
            case "clusterIP" -> clusterIp = json.text();
            case "clusterIPs" -> clusterIps = json.texts();
            case "ipFamilies" -> ipFamilies = json.texts();
            case "ports" -> ports = ports();
            case "selector" -> selector = MetadataFields.texts(json, MetadataFields.ALL);
            case "externalName" -> externalName = json.text();
            case "internalTrafficPolicy" -> internalTrafficPolicy = json.sharedText();
            case "trafficDistribution" -> trafficDistribution = json.sharedText();
            default -> json.skip();
        }
    }

    private List<Port> ports() throws IOException {
        List<Port> all = new ArrayList<>(2);
        json.list(() -> {
            PortFields port = new PortFields();
            json.object(port::field);
            all.add(json.share(port.result()));
        });
        return json.share(List.copyOf(all));
    }

    private final class PortFields {
        private String name = "";
        private int number;
        private int targetPort;
        private String targetName = "";
        private String protocol = "TCP";
        private String appProtocol = "";

        Port result() {
            return new Port(name, number, targetPort, targetName, protocol, appProtocol);
        }

        void field(String field) throws IOException {
            switch (field) {
                case "name" -> name = json.sharedText();
                case "port" -> number = json.number(LAST_PORT);
                case "targetPort" -> target();
                case "protocol" -> protocol = json.sharedTextOr("TCP");
                case "appProtocol" -> appProtocol = json.sharedText();
                default -> json.skip();
            }
        }

        private void target() throws IOException {
            targetPort = 0;
            targetName = "";
            if (json.at() == JsonToken.VALUE_STRING) {
                targetName = json.sharedText();
            } else {
                targetPort = json.number(LAST_PORT);
            }
        }
    }
}
