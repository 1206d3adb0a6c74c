package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.Authentication;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate and its key, shown to the server; does without the 11 MB of libraries that client-java's own needs. */
final class ClientCertificate implements Authentication {
    /** Of a store that never leaves the process. */
    private static final char[] PASSWORD = "memory".toCharArray();

    private final KeyManager[] keys;

    private ClientCertificate(KeyManager[] keys) {
        this.keys = keys;
    }

    /**
     * The one that a configuration names or its plugin has said.
     *
     * @return null when it authenticates in another way
     * @throws IOException when the certificate or the key cannot be used
     */
    static @Nullable ClientCertificate of(RecordedKubeConfig config) throws IOException {
        byte[] certificate =
                config.getDataOrFileRelative(config.getClientCertificateData(), config.getClientCertificateFile());
        byte[] key = config.getDataOrFileRelative(config.getClientKeyData(), config.getClientKeyFile());
        if (certificate != null && key != null) {
            return of(certificate, key);
        }
        Map<String, String> said = config.credentials();
        String token = said.getOrDefault(KubeConfig.CRED_TOKEN_KEY, "");
        String certificateSaid = said.getOrDefault(KubeConfig.CRED_CLIENT_CERTIFICATE_DATA_KEY, "");
        String keySaid = said.getOrDefault(KubeConfig.CRED_CLIENT_KEY_DATA_KEY, "");
        return !token.isEmpty() || certificateSaid.isEmpty() || keySaid.isEmpty()
                ? null
                : of(certificateSaid.getBytes(StandardCharsets.US_ASCII), keySaid.getBytes(StandardCharsets.US_ASCII));
    }

    private static ClientCertificate of(byte[] certificate, byte[] key) throws IOException {
        PrivateKey secret = PemKey.read(key);
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificate))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new IOException("the client certificate is empty");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD);
            store.setKeyEntry("client", secret, PASSWORD, chain);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, PASSWORD);
            return new ClientCertificate(managers.getKeyManagers());
        } catch (CertificateException unreadable) {
            throw new IOException("the client certificate is not one in PEM: " + unreadable.getMessage(), unreadable);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("client certificate and key cannot be used together: " + unusable, unusable);
        }
    }

    @Override
    public void provide(ApiClient client) {
        client.setKeyManagers(keys);
    }
}
