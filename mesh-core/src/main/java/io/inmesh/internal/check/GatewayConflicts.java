package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ServerTlsSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Servers of Gateways for the same workloads at one port: those of which Istio leaves one out (IST0145), and those with one
 * certificate (IST0138). Sources: istio pilot/pkg/model/gateway.go (mergeGateways, CheckDuplicates). Two servers for HTTP
 * without TLS share a port and a host well, so that is no finding, other than in {@code istioctl analyze}.
 */
final class GatewayConflicts {
    private static final String IN_ONE_SERVER = "put the hosts of both servers into one server of one Gateway";

    private final Findings findings;

    private GatewayConflicts(Findings findings) {
        this.findings = findings;
    }

    /** Where a server listens. */
    private record Socket(int port, String bind) {}

    /** A server of a Gateway with its place in it. */
    private record Claim(Gateway gateway, int index) {
        GatewayServer server() {
            return gateway.servers().get(index);
        }

        String path() {
            return "spec.servers[" + index + "]";
        }

        String named() {
            return "Gateway " + gateway.meta().qualifiedName() + " (" + server().origin() + ")";
        }

        /** Whether clients are told apart by the name that they ask for, or redirected to where they are. */
        boolean isToldByName() {
            return server().tls() != null;
        }

        boolean isHttpWithoutTls() {
            return server().protocol().isHttp() && !isHttps();
        }

        boolean isPlain() {
            return server().tls() == null || isHttpWithoutTls();
        }

        private boolean isHttps() {
            return server().protocol() == GatewayServer.Protocol.HTTPS;
        }
    }

    static void check(Collection<Gateway> gateways, Findings findings) {
        Map<Socket, List<Claim>> bySocket = new HashMap<>();
        List<Socket> sockets = new ArrayList<>();
        gateways.stream().sorted(ConfigObject.OLDEST_FIRST).forEach(gateway -> {
            for (int i = 0; i < gateway.servers().size(); i++) {
                GatewayServer server = gateway.servers().get(i);
                Socket socket = new Socket(server.port(), server.bind());
                bySocket.computeIfAbsent(socket, key -> {
                            sockets.add(key);
                            return new ArrayList<>();
                        })
                        .add(new Claim(gateway, i));
            }
        });
        GatewayConflicts conflicts = new GatewayConflicts(findings);
        for (Socket socket : sockets) {
            List<Claim> claims = bySocket.getOrDefault(socket, List.of());
            if (claims.size() > 1) {
                Set<Claim> leftOut = conflicts.hosts(claims);
                conflicts.protocols(claims, leftOut);
                conflicts.certificates(claims);
            }
        }
    }

    /** Servers that are told apart by the name that a client asks for: a name twice leaves the second server out. */
    private Set<Claim> hosts(List<Claim> claims) {
        Set<Claim> leftOut = new HashSet<>();
        Map<GatewayHost, List<Claim>> owners = new HashMap<>();
        for (Claim claim : claims) {
            if (!claim.isToldByName()) {
                continue;
            }
            List<GatewayHost> hosts = claim.server().hosts();
            for (int i = 0; i < hosts.size() && !leftOut.contains(claim); i++) {
                GatewayHost host = lowerCase(hosts.get(i));
                @Nullable Claim owner = first(owners.getOrDefault(host, List.of()), claim);
                if (owner != null) {
                    leftOut.add(claim);
                    int ofOwner = indexOf(owner.server(), host);
                    String what = "the host " + host.host() + " by TLS";
                    String fix =
                            wouldShareCertificate(claim, owner) ? IN_ONE_SERVER : "take the host out of one of the two";
                    tell(claim, ".hosts[" + i + "]", owner, what, "", false, fix);
                    tell(owner, ".hosts[" + ofOwner + "]", claim, what, "", true, fix);
                }
            }
            if (!leftOut.contains(claim)) {
                hosts.forEach(host -> owners.computeIfAbsent(lowerCase(host), key -> new ArrayList<>())
                        .add(claim));
            }
        }
        return leftOut;
    }

    /** Without TLS a port carries HTTP for all, or the bytes of one server. */
    private void protocols(List<Claim> claims, Set<Claim> leftOut) {
        List<Claim> plain = new ArrayList<>();
        for (Claim claim : claims) {
            if (leftOut.contains(claim)) {
                continue;
            }
            @Nullable Claim owner = first(plain, claim);
            if (owner != null && !(owner.isHttpWithoutTls() && claim.isHttpWithoutTls())) {
                String fix = "give one of the two another port";
                String both = ", and " + protocol(owner) + " and " + protocol(claim) + " cannot share a port";
                tell(claim, ".port.number", owner, protocol(owner), both, false, fix);
                tell(owner, ".port.number", claim, protocol(claim), both, true, fix);
            } else if (claim.isPlain()) {
                plain.add(claim);
            }
        }
    }

    private static String protocol(Claim claim) {
        return claim.server().protocol().name();
    }

    /** @param wins whether the claim is the one that is taken, where that is known */
    private void tell(Claim claim, String field, Claim other, String what, String why, boolean wins, String fix) {
        Gateway gateway = claim.gateway();
        boolean same = gateway == other.gateway();
        if (same && wins) {
            return;
        }
        findings.warn(
                ConfigCheck.CONFLICTING_GATEWAYS,
                gateway,
                claim.path() + field,
                claim.server().origin(),
                (same ? "the server at " + other.server().origin() : other.named()) + " has " + what + " at port "
                        + claim.server().port() + (same ? "" : " of the same workloads") + why + ": "
                        + consequence(gateway, other.gateway(), wins),
                fix);
    }

    private static String consequence(Gateway gateway, Gateway other, boolean wins) {
        String left = " server out with all its hosts";
        if (gateway == other) {
            return "it comes first, and Istio's gateways leave this" + left;
        }
        if (gateway.meta().creationTimestamp() == null && other.meta().creationTimestamp() == null) {
            return "Istio's gateways take the one that was created first and leave the other" + left;
        }
        return wins
                ? "this one " + gateway.precedes(other) + ", and Istio's gateways leave that" + left
                : "it " + other.precedes(gateway) + ", and Istio's gateways leave this" + left;
    }

    private void certificates(List<Claim> claims) {
        Map<String, List<Claim>> users = new HashMap<>();
        for (Claim claim : claims) {
            @Nullable String certificate = certificate(claim.server());
            if (certificate != null) {
                users.computeIfAbsent(certificate, key -> new ArrayList<>()).add(claim);
            }
        }
        for (Claim claim : claims) {
            @Nullable String certificate = certificate(claim.server());
            if (certificate == null) {
                continue;
            }
            users.getOrDefault(certificate, List.of()).stream()
                    .filter(other -> other.gateway() != claim.gateway()
                            && isPart(
                                    claim.gateway().selector(), other.gateway().selector())
                            && !shareHost(claim.server(), other.server()))
                    .findFirst()
                    .ifPresent(other -> sameCertificate(claim, other));
        }
    }

    private void sameCertificate(Claim claim, Claim other) {
        @Nullable ServerTlsSettings tls = claim.server().tls();
        boolean bySecret = tls != null && tls.credentialName() != null;
        findings.warn(
                ConfigCheck.DUPLICATE_CERTIFICATE,
                claim.gateway(),
                claim.path() + ".tls." + (bySecret ? "credentialName" : "serverCertificate"),
                claim.server().origin(),
                other.named() + " has the same certificate at port "
                        + claim.server().port() + " for "
                        + listed(other.server())
                        + ": a client with HTTP/2 may ask for these hosts on a connection that it"
                        + " has for " + listed(claim.server()) + ", where Istio's gateways answer 404",
                IN_ONE_SERVER);
    }

    private static boolean wouldShareCertificate(Claim claim, Claim other) {
        @Nullable String certificate = certificate(claim.server());
        return claim.gateway() != other.gateway()
                && certificate != null
                && certificate.equals(certificate(other.server()));
    }

    private static String listed(GatewayServer server) {
        String first = server.hosts().get(0).host();
        return server.hosts().size() == 1
                ? first
                : first + " and " + (server.hosts().size() - 1) + " more";
    }

    /** What stands for the certificate that a server shows; null for none of its own. */
    private static @Nullable String certificate(GatewayServer server) {
        @Nullable ServerTlsSettings tls = server.tls();
        if (tls == null || !tls.mode().endsHere()) {
            return null;
        }
        if (tls.credentialName() != null) {
            return "secret " + tls.credentialName();
        }
        return tls.serverCertificate() == null ? null : tls.serverCertificate() + " " + tls.privateKey();
    }

    private static boolean shareHost(GatewayServer a, GatewayServer b) {
        return a.hosts().stream().anyMatch(host -> indexOf(b, lowerCase(host)) >= 0);
    }

    private static int indexOf(GatewayServer server, GatewayHost host) {
        for (int i = 0; i < server.hosts().size(); i++) {
            if (lowerCase(server.hosts().get(i)).equals(host)) {
                return i;
            }
        }
        return -1;
    }

    private static GatewayHost lowerCase(GatewayHost host) {
        return new GatewayHost(host.namespace(), host.host().toLowerCase(Locale.ROOT));
    }

    /** The first one that some workload has together with another. */
    private static @Nullable Claim first(List<Claim> earlier, Claim claim) {
        return earlier.stream()
                .filter(other -> shareWorkloads(
                        other.gateway().selector(), claim.gateway().selector()))
                .findFirst()
                .orElse(null);
    }

    /** Whether all workloads of one selector are those of the other too. */
    private static boolean shareWorkloads(Map<String, String> a, Map<String, String> b) {
        return isPart(a, b) || isPart(b, a);
    }

    private static boolean isPart(Map<String, String> a, Map<String, String> b) {
        return b.entrySet().containsAll(a.entrySet());
    }
}
