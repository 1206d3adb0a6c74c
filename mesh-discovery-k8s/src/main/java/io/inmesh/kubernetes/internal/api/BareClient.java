package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * Address, credentials and trust as client-java makes them of a configuration, and no more: the constructor of its own
 * client loads the API's 1500 models, which InMesh does not use, and TLS is made anew with each setting, each time of all
 * the authorities that the JVM trusts. Both would go before the first request of a process. Cannot read or write models.
 */
final class BareClient extends ApiClient {
    private BareClient() {}

    /**
     * What {@link ClientBuilder#build} makes.
     *
     * @throws RuntimeException when certificates or keys cannot be used
     */
    static ApiClient build(ClientBuilder configuration) {
        BareClient client = new BareClient();
        configuration.setApiClient(client).build();
        if (HttpUrl.get(client.getBasePath()).isHttps()) {
            client.startTls();
        }
        return client;
    }

    /** All that the inherited one does, but for the models. */
    @Override
    protected void init() {
        verifyingSsl = true;
        authentications = new HashMap<>();
    }

    @Override
    protected void initHttpClient() {
        httpClient = new OkHttpClient.Builder()
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .build();
    }

    /** Nothing yet: the settings are not complete, and each of them calls this. */
    @Override
    protected void applySslSettings() {}

    private void startTls() {
        // OkHttp refuses TLS without trust, and makes the JVM's if there is none: so first one that lets nobody in.
        httpClient = httpClient
                .newBuilder()
                .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                .sslSocketFactory(nobody().getSocketFactory(), TrustsNobody.INSTANCE)
                .build();
        super.applySslSettings();
    }

    private static SSLContext nobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {TrustsNobody.INSTANCE}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JVM has no TLS", missing);
        }
    }

    private static final class TrustsNobody implements X509TrustManager {
        private static final TrustsNobody INSTANCE = new TrustsNobody();

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("nobody is trusted before the configuration is read");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("nobody is trusted before the configuration is read");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
