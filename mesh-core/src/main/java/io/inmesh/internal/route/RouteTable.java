package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.AddressBlock;
import io.inmesh.model.Authority;
import io.inmesh.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hosts by port and name. Immutable. The usual look-up, a name in lower case as the table has it, allocates nothing.
 */
public final class RouteTable {
    private final int[] ports;
    private final PortTable[] tables;
    private final List<ClusterKey> clusterKeys;
    private final List<VirtualHost> virtualHosts;
    private final Set<String> byName;

    private record Wildcard(String suffix, VirtualHost host) {}

    private record Block(AddressBlock addresses, VirtualHost host) {}

    private record PortTable(Map<String, VirtualHost> exact, List<Wildcard> wildcards, List<Block> blocks) {
        PortTable() {
            this(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
        }

        /** Longest suffix and smallest block first; the sorts are stable, so precedence decides among equals. */
        PortTable sorted() {
            wildcards.sort(
                    (a, b) -> Integer.compare(b.suffix().length(), a.suffix().length()));
            blocks.sort((a, b) ->
                    Integer.compare(b.addresses().prefix(), a.addresses().prefix()));
            return new PortTable(exact, List.copyOf(wildcards), List.copyOf(blocks));
        }

        void putExact(String domain, VirtualHost host) {
            exact.putIfAbsent(domain, host);
            // The authority as callers usually write it, so that the look-up needs no substring.
            exact.putIfAbsent(domain + ":" + host.port(), host);
        }

        /** The host that has claimed an address, however it wrote it, as its own and not within a block. */
        @Nullable
        VirtualHost withAddress(String domain) {
            IpAddress address = address(domain);
            for (Block block : blocks) {
                if (address != null
                        && block.addresses().isOneAddress()
                        && block.addresses().contains(address)) {
                    return block.host();
                }
            }
            return null;
        }

        void add(@Nullable AddressBlock addresses, VirtualHost host) {
            if (addresses != null) {
                blocks.add(new Block(addresses, host));
            }
        }

        @Nullable
        VirtualHost byAddress(String host) {
            IpAddress address = blocks.isEmpty() ? null : address(host);
            if (address != null) {
                for (Block block : blocks) {
                    if (block.addresses().contains(address)) {
                        return block.host();
                    }
                }
            }
            return null;
        }
    }

    /**
     * Makes a table.
     *
     * @param virtualHosts in order of precedence: of two that claim a name at a port, the first has it
     * @param clusterKeys clusters by slot
     * @param byName names of services that are called as if there were no mesh
     */
    RouteTable(List<VirtualHost> virtualHosts, List<ClusterKey> clusterKeys, Set<String> byName) {
        this.byName = Set.copyOf(byName);
        this.clusterKeys = List.copyOf(clusterKeys);
        this.virtualHosts = List.copyOf(virtualHosts);
        TreeMap<Integer, PortTable> byPort = new TreeMap<>();
        for (VirtualHost host : virtualHosts) {
            PortTable table = byPort.computeIfAbsent(host.port(), p -> new PortTable());
            for (String domain : host.domains()) {
                if (domain.startsWith("*")) {
                    table.wildcards().add(new Wildcard(domain.substring(1), host));
                } else if (domain.indexOf('/') >= 0) {
                    table.add(block(domain), host);
                } else if (domain.startsWith("[") && domain.endsWith("]")) {
                    // One IPv6 address can be written in many ways, and callers write it in another than rules do.
                    VirtualHost first = table.withAddress(domain);
                    table.putExact(domain, first == null ? host : first);
                    IpAddress address = address(domain);
                    table.add(address == null ? null : AddressBlock.of(address), host);
                } else {
                    table.putExact(domain, host);
                }
            }
        }
        ports = new int[byPort.size()];
        tables = new PortTable[byPort.size()];
        int i = 0;
        for (Map.Entry<Integer, PortTable> entry : byPort.entrySet()) {
            ports[i] = entry.getKey();
            tables[i++] = entry.getValue().sorted();
        }
    }

    /** The host that is called, null when the mesh does not know it. */
    public @Nullable VirtualHost find(RequestHead head) {
        return find(head.authority(), head.port());
    }

    /** The host of an authority at a port, null when the mesh does not know it. */
    public @Nullable VirtualHost find(String authority, int port) {
        for (int i = 0; i < ports.length; i++) {
            if (ports[i] == port) {
                VirtualHost host = tables[i].exact().get(authority);
                return host != null ? host : findSlowly(tables[i], authority);
            }
        }
        return null;
    }

    /** The ports at which a host is known, in order. */
    public List<Integer> ports(String authority) {
        String host = host(authority);
        List<Integer> known = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            if (findSlowly(tables[i], host) != null) {
                known.add(ports[i]);
            }
        }
        return known;
    }

    private @Nullable VirtualHost findSlowly(PortTable table, String authority) {
        String host = host(authority);
        VirtualHost exact = table.exact().get(host);
        if (exact != null || byName.contains(host)) {
            return exact;
        }
        List<Wildcard> wildcards = table.wildcards();
        for (int i = 0; i < wildcards.size(); i++) {
            Wildcard wildcard = wildcards.get(i);
            if (host.length() > wildcard.suffix().length() && host.endsWith(wildcard.suffix())) {
                return wildcard.host();
            }
        }
        return table.byAddress(host);
    }

    /**
     * Whether calls have gone to a host, at whatever port, since this was asked last.
     *
     * @param name full name
     */
    public boolean takeUsed(String name) {
        boolean used = false;
        for (PortTable table : tables) {
            VirtualHost host = table.exact().get(name);
            used |= host != null && host.used().take();
        }
        return used;
    }

    /** The host of an authority, in lower case and without port. */
    public static String host(String authority) {
        return Authority.host(authority).toLowerCase(Locale.ROOT);
    }

    /** The address that a host is written as, in the IPv4 form where it has one; null for a name and one with a zone. */
    private static @Nullable IpAddress address(String host) {
        IpAddress address = Authority.address(host);
        return address == null || !address.zone().isEmpty() ? null : address.unmapped();
    }

    /** Null when a text is no block: the reader of rules refuses such text, but a source may tell of any. */
    private static @Nullable AddressBlock block(String domain) {
        AddressBlock block = AddressBlock.parse(domain);
        return block == null ? null : block.unmapped();
    }

    /** Whether an authority is a service that is called by its own name, as if there were no mesh. */
    public boolean isByName(String authority) {
        return !byName.isEmpty() && byName.contains(host(authority));
    }

    /** Clusters that routes lead to, by slot. */
    public List<ClusterKey> clusterKeys() {
        return clusterKeys;
    }

    /** All hosts, in order of precedence. */
    public List<VirtualHost> virtualHosts() {
        return virtualHosts;
    }
}
