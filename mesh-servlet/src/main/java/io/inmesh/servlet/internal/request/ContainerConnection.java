package io.inmesh.servlet.internal.request;

import io.inmesh.servlet.internal.arrival.Connection;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection of a container's request. */
public final class ContainerConnection implements Connection {
    private static final int URI_NAME = 6;

    private final HttpServletRequest request;
    private final int port;

    /**
     * Shows a connection.
     *
     * @param port by which policies know it
     */
    public ContainerConnection(HttpServletRequest request, int port) {
        this.request = request;
        this.port = port;
    }

    @Override
    public String peerAddress() {
        return plain(request.getRemoteAddr());
    }

    @Override
    public String localAddress() {
        return plain(request.getLocalAddr());
    }

    @Override
    public int localPort() {
        return port;
    }

    @Override
    public boolean isSecure() {
        try {
            ServletConnection connection = request.getServletConnection();
            if (connection != null) {
                return connection.isSecure();
            }
        } catch (UnsupportedOperationException notKnown) {
            // Requests that were made for tests have none.
        }
        return request.isSecure();
    }

    @Override
    public List<String> identities() {
        X509Certificate certificate = certificate();
        if (certificate == null) {
            return List.of();
        }
        List<String> uris = new ArrayList<>(1);
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (Integer.valueOf(URI_NAME).equals(name.get(0))) {
                        uris.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
        return uris;
    }

    @Override
    public boolean hasCertificate() {
        return certificate() != null;
    }

    /** That of the peer, which the container has verified; null for none. */
    @Nullable
    X509Certificate certificate() {
        Object chain = request.getAttribute("jakarta.servlet.request.X509Certificate");
        return chain instanceof X509Certificate[] certificates && certificates.length > 0 ? certificates[0] : null;
    }

    /** Of a link-local IPv6 address the interface means nothing to others; some containers have brackets, or nothing at all. */
    private static String plain(@Nullable String address) {
        if (address == null) {
            return "";
        }
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        return plain.startsWith("[") && plain.endsWith("]") ? plain.substring(1, plain.length() - 1) : plain;
    }
}
