package io.inmesh.servlet.internal.inbound;

import io.inmesh.inbound.CallerIdentity;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who sends requests, as the container knows it. */
final class Callers {
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
    private static final Integer URI_NAME = 6;
    private static final String SPIFFE = "spiffe://";

    private Callers() {}

    static CallerIdentity of(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        X509Certificate certificate = request.isSecure() ? certificate(request) : null;
        return new CallerIdentity(
                address == null ? "" : address,
                certificate == null ? null : spiffeId(certificate),
                certificate == null
                        ? null
                        : certificate.getSubjectX500Principal().getName());
    }

    private static @Nullable X509Certificate certificate(HttpServletRequest request) {
        return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
                ? chain[0]
                : null;
    }

    /** A SPIFFE certificate has exactly one URI among its names; one with more is for nobody in particular. */
    private static @Nullable String spiffeId(X509Certificate certificate) {
        String found = null;
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return null;
            }
            for (List<?> name : names) {
                if (URI_NAME.equals(name.get(0)) && name.get(1) instanceof String uri) {
                    if (found != null) {
                        return null;
                    }
                    found = uri;
                }
            }
        } catch (CertificateParsingException unreadable) {
            return null;
        }
        return found != null && found.startsWith(SPIFFE) ? found : null;
    }
}
