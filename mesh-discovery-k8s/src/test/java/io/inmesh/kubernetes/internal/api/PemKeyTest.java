package io.inmesh.kubernetes.internal.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys as openssl writes them, made for this test: what they sign is what their public key expects. */
class PemKeyTest {
    /** Of {@code openssl ecparam -genkey}, with the parameters before the key. */
    private static final String EC_256 = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIHFAikHmdrV5HRME+rAjlo2NBMqN6BsYwTuuVMCMBbtUoAoGCCqGSM49
            AwEHoUQDQgAEK8a9F/gi2qDxwHPbCjujKsiplC2Qi7OClsEchSI7/DIJG2fNKchi
            R81FtYMtG9l4EBRmYNrBdFg/H2HspumtmA==
            -----END EC PRIVATE KEY-----
            """;

    private static final String EC_256_PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEK8a9F/gi2qDxwHPbCjujKsiplC2Q
            i7OClsEchSI7/DIJG2fNKchiR81FtYMtG9l4EBRmYNrBdFg/H2HspumtmA==
            -----END PUBLIC KEY-----
            """;

    private static final String EC_521 = """
            -----BEGIN EC PRIVATE KEY-----
            MIHcAgEBBEIAX/AEpSb/CTOOQ7PmS8xPmBmOnuwYItbddv1mJEuMXjrJckuzD+1o
            M6E9T2kAO+UEuLtc4pSBjgA9a17v6VnYllagBwYFK4EEACOhgYkDgYYABAGZ87PV
            x3yWNoPvj/nDUSp4NXrEwvv1n9BGqWPf2tmq5pWP3dCHXhet/AaE6IEvNn26a9z7
            9cn7uwArBpJj2JqrzwD3U09+uxjRmHhuxnP3U4v9nZA1sqz3ysSflznw/VMZf6gd
            W+YpsAzYn3OvbxwoEvFgP6usVbzU8S7iqzWQ75XqTQ==
            -----END EC PRIVATE KEY-----
            """;

    private static final String EC_521_PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBmfOz1cd8ljaD74/5w1EqeDV6xML7
            9Z/QRqlj39rZquaVj93Qh14XrfwGhOiBLzZ9umvc+/XJ+7sAKwaSY9iaq88A91NP
            frsY0Zh4bsZz91OL/Z2QNbKs98rEn5c58P1TGX+oHVvmKbAM2J9zr28cKBLxYD+r
            rFW81PEu4qs1kO+V6k0=
            -----END PUBLIC KEY-----
            """;

    private static final String ED25519 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIG97xyubAzwh/YzJUxBy8bUy2dGvDPQ3nZ/Fnn+ayL4s
            -----END PRIVATE KEY-----
            """;

    private static final String ED25519_PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAS9mblW36FkJIKZmHSN3x11aOnV6rHLGOtpVAqW2AmLQ=
            -----END PUBLIC KEY-----
            """;

    @Test
    void readsEllipticCurvesOfSec1() throws Exception {
        assertPair(PemKey.read(EC_256.getBytes(US_ASCII)), publicKey("EC", EC_256_PUBLIC), "SHA256withECDSA");
        assertPair(PemKey.read(EC_521.getBytes(US_ASCII)), publicKey("EC", EC_521_PUBLIC), "SHA512withECDSA");
    }

    @Test
    void readsEdwardsCurves() throws Exception {
        assertPair(PemKey.read(ED25519.getBytes(US_ASCII)), publicKey("Ed25519", ED25519_PUBLIC), "Ed25519");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void readsPkcs8(String algorithm) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();

        PrivateKey read =
                PemKey.read(pem("PRIVATE KEY", pair.getPrivate().getEncoded()).getBytes(US_ASCII));

        assertThat(read).isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096})
    void readsRsaOfPkcs1(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        // What PKCS#8 holds after version, algorithm and the head of an octet string.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);

        PrivateKey read = PemKey.read(pem("RSA PRIVATE KEY", pkcs1).getBytes(US_ASCII));

        assertThat(read).isEqualTo(pair.getPrivate());
    }

    @Test
    void skipsWhatStandsBeforeTheKey() throws Exception {
        String certificate = pem("CERTIFICATE", new byte[] {1, 2, 3});

        assertPair(
                PemKey.read((certificate + EC_521).getBytes(US_ASCII)),
                publicKey("EC", EC_521_PUBLIC),
                "SHA512withECDSA");
    }

    @Test
    void refusesWhatIsNoKeyAndSaysWhy() {
        assertRefused("", "not a PEM text with a private key");
        assertRefused(pem("CERTIFICATE", new byte[] {1}), "not a PEM text with a private key");
        assertRefused(pem("ENCRYPTED PRIVATE KEY", new byte[] {1}), "encrypted");
        assertRefused(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n",
                "encrypted");
        assertRefused(pem("DSA PRIVATE KEY", new byte[] {1}), "of a kind that is not known: DSA PRIVATE KEY");
        assertRefused(pem("PRIVATE KEY", new byte[] {1}), "not a sound key");
        assertRefused(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1}), "does not name its curve");
        assertRefused("-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----", "not base64");
    }

    /** Half of a key is no key, wherever it is cut; nothing else than a refusal comes of it. */
    @Test
    void refusesAnEllipticCurveThatIsCutOffAnywhere() {
        byte[] whole = Base64.getMimeDecoder().decode(EC_521.replaceAll("-----[A-Z ]+-----", ""));

        for (int length = 0; length < whole.length; length++) {
            String cut = pem("EC PRIVATE KEY", Arrays.copyOf(whole, length));
            assertThatIOException().isThrownBy(() -> PemKey.read(cut.getBytes(US_ASCII)));
        }
    }

    private static void assertRefused(String pem, String why) {
        assertThatIOException()
                .isThrownBy(() -> PemKey.read(pem.getBytes(US_ASCII)))
                .withMessageContaining(why);
    }

    private static void assertPair(PrivateKey secret, PublicKey known, String algorithm) throws Exception {
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(secret);
        signing.update(new byte[] {1, 2, 3});
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(known);
        verifying.update(new byte[] {1, 2, 3});
        assertThat(verifying.verify(signing.sign())).isTrue();
    }

    private static PublicKey publicKey(String algorithm, String pem) throws Exception {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
