package io.inmesh.model;

/**
 * A host of a {@link GatewayServer}, as {@code host} or {@code namespace/host}.
 *
 * @param namespace whose rules may bind to the host: {@code *} for those of every namespace, else the name of one; {@code .} is resolved to that of the Gateway
 * @param host a name, a name behind {@code *.}, or {@code *}
 */
public record GatewayHost(String namespace, String host) {

    /**
     * Reads what a Gateway has written.
     *
     * @param gatewayNamespace what {@code .} stands for
     */
    public static GatewayHost of(String written, String gatewayNamespace) {
        int slash = written.indexOf('/');
        if (slash < 0) {
            return new GatewayHost("*", written);
        }
        String namespace = written.substring(0, slash);
        return new GatewayHost(namespace.equals(".") ? gatewayNamespace : namespace, written.substring(slash + 1));
    }

    /** Whether rules of a namespace may bind to the host. */
    public boolean isFor(String ruleNamespace) {
        return namespace.equals("*") || namespace.equals(ruleNamespace);
    }
}
