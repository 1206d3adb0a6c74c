package io.inmesh.spring.boot.four;

import io.inmesh.spring.boot.client.ClientSettings;
import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Settings as Spring Boot 4 gives them to each client that it builds. Stateless. */
final class BootSettings {
    private BootSettings() {}

    /**
     * Settings of a client.
     *
     * @param settings null means the defaults: redirects are followed, timeouts are those of the properties
     */
    static ClientSettings of(@Nullable HttpClientSettings settings) {
        if (settings == null) {
            return ClientSettings.UNSAID;
        }
        return new ClientSettings(
                settings.connectTimeout(),
                settings.readTimeout(),
                settings.redirects() == HttpRedirects.DONT_FOLLOW ? Redirects.NONE : Redirects.ALL,
                (builder, pools) -> apply(settings, builder, pools));
    }

    private static void apply(
            HttpClientSettings settings, OkHttpClient.Builder builder, Supplier<ConnectionPool> pools) {
        if (settings.sslBundle() != null) {
            secure(builder, settings.sslBundle());
        }
        NewerSettings.apply(settings, builder, pools);
    }

    private static void secure(OkHttpClient.Builder builder, SslBundle bundle) {
        for (TrustManager manager : bundle.getManagers().getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                builder.sslSocketFactory(bundle.createSslContext().getSocketFactory(), trust);
                break;
            }
        }
        SslOptions options = bundle.getOptions();
        if (options.isSpecified()) {
            ConnectionSpec.Builder spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS);
            if (options.getCiphers() != null) {
                spec.cipherSuites(options.getCiphers());
            }
            if (options.getEnabledProtocols() != null) {
                spec.tlsVersions(options.getEnabledProtocols());
            }
            builder.connectionSpecs(Arrays.asList(spec.build(), ConnectionSpec.CLEARTEXT));
        }
    }
}
