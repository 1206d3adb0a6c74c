package io.inmesh.spring.boot.gateway;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * A port that the container opens beside its own.
 *
 * @param number 1 to 65535
 * @param tls null for plain HTTP
 */
public record FurtherPort(int number, @Nullable Tls tls) {

    /**
     * TLS of a port.
     *
     * @param bundles where the bundle is
     * @param name of the bundle with certificate, key and whom to trust
     * @param clients whether clients are asked for certificates
     */
    public record Tls(SslBundles bundles, String name, ClientCertificates clients) {
        /** The bundle now. */
        SslBundle bundle() {
            return bundles.getBundle(name);
        }

        /** Has somebody told of each later one, where the bundle is reloaded. */
        void onRenewal(Consumer<SslBundle> renewal) {
            bundles.addBundleUpdateHandler(name, renewal);
        }
    }
}
