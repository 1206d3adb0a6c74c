package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.GatewayServer.Protocol;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServerTlsSettings;
import io.inmesh.model.ServerTlsSettings.Mode;
import io.inmesh.model.ServerTlsSettings.TlsVersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns a Gateway that passed {@link GatewayServerRules} into its record. */
final class GatewayRecords {
    private GatewayRecords() {}

    static Gateway gateway(ObjectMeta meta, Message spec) {
        return new Gateway(
                meta,
                spec.stringMap("selector"),
                spec.messages("servers").stream()
                        .map(server -> server(server, meta.namespace()))
                        .toList());
    }

    private static GatewayServer server(Message server, String namespace) {
        Message port = server.message("port");
        if (port == null) {
            throw new IllegalStateException("a server without port passed the rules");
        }
        return GatewayServer.builder(
                        port.integer("number"),
                        protocol(port.string("protocol")),
                        server.strings("hosts").stream()
                                .map(host -> GatewayHost.of(host, namespace))
                                .toList())
                .portName(port.string("name"))
                .name(server.string("name"))
                .tls(tls(server.message("tls")))
                .bind(bind(server.string("bind")))
                .refused(NotExecutedInbound.refusesRequests(server))
                .origin(server.place().origin())
                .build();
    }

    private static String bind(String written) {
        return NotExecutedInbound.ANY_ADDRESS.contains(written) ? "" : written;
    }

    /** What neither is nor holds HTTP counts as TCP. */
    private static Protocol protocol(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "http", "http_proxy" -> Protocol.HTTP;
            case "https" -> Protocol.HTTPS;
            case "http2" -> Protocol.HTTP2;
            case "grpc" -> Protocol.GRPC;
            case "grpc-web" -> Protocol.GRPC_WEB;
            case "tls" -> Protocol.TLS;
            default -> Protocol.TCP;
        };
    }

    private static @Nullable ServerTlsSettings tls(@Nullable Message tls) {
        return tls == null
                ? null
                : ServerTlsSettings.builder(Mode.valueOf(ServerTlsRules.mode(tls)))
                        .httpsRedirect(tls.bool("httpsRedirect"))
                        .serverCertificate(VirtualServiceRecords.blankToNull(tls.string("serverCertificate")))
                        .privateKey(VirtualServiceRecords.blankToNull(tls.string("privateKey")))
                        .caCertificates(VirtualServiceRecords.blankToNull(tls.string("caCertificates")))
                        .credentialName(VirtualServiceRecords.blankToNull(tls.string("credentialName")))
                        .subjectAltNames(tls.strings("subjectAltNames"))
                        .minProtocolVersion(version(tls.string("minProtocolVersion")))
                        .maxProtocolVersion(version(tls.string("maxProtocolVersion")))
                        .cipherSuites(tls.strings("cipherSuites"))
                        .build();
    }

    private static @Nullable TlsVersion version(String written) {
        return written.isEmpty() || written.equals("TLS_AUTO") ? null : TlsVersion.valueOf(written);
    }
}
