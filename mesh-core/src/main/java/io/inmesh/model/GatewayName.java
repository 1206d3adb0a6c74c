package io.inmesh.model;

/**
 * Name of a gateway as rules write it. {@link VirtualService#MESH} is a name of its own; any other is a Gateway's.
 *
 * @param namespace of the Gateway, empty for the mesh
 * @param name of the Gateway
 */
public record GatewayName(String namespace, String name) {
    /** The calls between services. */
    public static final GatewayName MESH = new GatewayName("", VirtualService.MESH);

    /**
     * Reads what a rule has written: {@code mesh}, {@code namespace/name}, a short name in the rule's own namespace, or the
     * old {@code name.namespace} with or without more labels behind. What is none of these names no Gateway that exists, and
     * never the mesh.
     *
     * @param ruleNamespace of the rule
     */
    public static GatewayName of(String written, String ruleNamespace) {
        if (written.equals(VirtualService.MESH)) {
            return MESH;
        }
        int slash = written.indexOf('/');
        if (slash >= 0) {
            return inNamespace(written.substring(0, slash), written.substring(slash + 1), written);
        }
        String[] labels = written.split("\\.", 3);
        return inNamespace(labels.length == 1 ? ruleNamespace : labels[1], labels[0], written);
    }

    private static GatewayName inNamespace(String namespace, String name, String written) {
        return new GatewayName(namespace, namespace.isEmpty() ? written : name);
    }

    /** Whether it stands for the calls between services. */
    public boolean isMesh() {
        return equals(MESH);
    }

    /** {@code namespace/name}, or {@code mesh}. */
    @Override
    public String toString() {
        return isMesh() ? name : namespace + "/" + name;
    }
}
