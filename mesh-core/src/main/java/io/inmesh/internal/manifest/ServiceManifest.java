package io.inmesh.internal.manifest;

import io.inmesh.endpoint.PortProtocol;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes Service as a file has it. Places of {@code spec.type}, {@code spec.externalName}, {@code spec.selector},
 * {@code spec.ports} and of each port with its name and {@code appProtocol} are among the meta's fields.
 *
 * @param type {@code ClusterIP} where none is written
 * @param externalName empty unless the type is {@code ExternalName}
 * @param headless whether {@code clusterIP: None} is written
 * @param selector labels of its pods; empty where it has none and its endpoints come from elsewhere
 * @param ports those that can be read
 * @param allPortsRead false where some port's number is none, such as a template's placeholder: the service may then have
 *     any port
 */
public record ServiceManifest(
        ObjectMeta meta,
        String type,
        String externalName,
        boolean headless,
        Map<String, String> selector,
        List<Port> ports,
        boolean allPortsRead) {
    /** The highest number of a port. */
    public static final int HIGHEST_PORT = 65_535;

    /** Most digits of a port. */
    private static final int LONGEST_PORT = 5;

    /** Annotation by which a Service says which namespaces see it, as {@code exportTo} of a ServiceEntry does. */
    private static final String EXPORT_TO = "networking.istio.io/exportTo";

    public ServiceManifest {
        selector = Map.copyOf(selector);
        ports = List.copyOf(ports);
    }

    /**
     * One port.
     *
     * @param index place among the ports as written
     * @param number 1 to 65535
     * @param name empty for none
     * @param targetPort number or name of the pods' port; empty for the same number
     * @param transport {@code TCP} where none is written
     * @param appProtocol empty for none
     */
    public record Port(int index, int number, String name, String targetPort, String transport, String appProtocol) {
        /** Whether a mesh carries it: UDP and SCTP it does not. */
        public boolean isCarried() {
            return !transport.equals("UDP") && !transport.equals("SCTP");
        }

        /** The number of the pods' port; 0 where the target is no number, or none that a port has. */
        public int targetNumber() {
            int written = hasTargetNumber() && targetPort.length() <= LONGEST_PORT ? Integer.parseInt(targetPort) : 0;
            return written > HIGHEST_PORT ? 0 : written;
        }

        /** Whether the target is a number, rather than a name or what another tool fills in. */
        public boolean hasTargetNumber() {
            return !targetPort.isEmpty() && targetPort.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        /** The port as a mesh sees it. */
        public ServicePort toServicePort() {
            return new ServicePort(number, name, PortProtocol.of(number, name, transport, appProtocol));
        }
    }

    /** Whether it is another name of a host. */
    public boolean isAlias() {
        return type.equals("ExternalName");
    }

    /** Full name, lower case. */
    public String host(String clusterDomain) {
        return new ServiceName(ServiceName.inCluster(meta.name() + "." + meta.namespace(), clusterDomain)).host();
    }

    /** Namespaces that see it, as written in its annotation; empty means all. */
    public List<String> exportTo() {
        String written = meta.annotations().getOrDefault(EXPORT_TO, "");
        return List.of(written.split(",")).stream()
                .map(String::trim)
                .filter(one -> !one.isEmpty())
                .toList();
    }
}
