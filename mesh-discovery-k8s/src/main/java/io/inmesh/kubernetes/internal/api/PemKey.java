package io.inmesh.kubernetes.internal.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private key in a PEM text, read with the JDK alone: PKCS#8, which the JDK knows, and the older forms of RSA (PKCS#1)
 * and of elliptic curves (SEC 1), which are put into PKCS#8 first.
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int OBJECT_ID = 0x06;
    private static final int SEQUENCE = 0x30;
    /** Where SEC 1 names the curve. */
    private static final int PARAMETERS = 0xA0;

    private static final byte[] VERSION = {INTEGER, 1, 0};
    /** 1.2.840.113549.1.1.1, rsaEncryption, with the NULL that goes with it. */
    private static final byte[] RSA = {
        OBJECT_ID, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 0x05, 0
    };
    /** 1.2.840.10045.2.1, ecPublicKey. */
    private static final byte[] EC = {OBJECT_ID, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private PemKey() {}

    /**
     * Reads the first private key.
     *
     * @throws IOException when there is none, or it is encrypted or of a kind that the JDK does not have
     */
    static PrivateKey read(byte[] pem) throws IOException {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.US_ASCII));
        while (block.find()) {
            String kind = block.group(1);
            String text = block.group(2);
            if (kind.equals("ENCRYPTED PRIVATE KEY") || text.contains("ENCRYPTED")) {
                throw new IOException(
                        "the client key is encrypted; a kubeconfig takes no passphrase, so decrypt the key");
            }
            if (kind.endsWith("PRIVATE KEY")) {
                return key(pkcs8(kind, decoded(text)));
            }
        }
        throw new IOException("the client key is not a PEM text with a private key");
    }

    private static byte[] decoded(String text) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException broken) {
            throw new IOException("the client key is not base64 between its BEGIN and its END");
        }
    }

    private static byte[] pkcs8(String kind, byte[] der) throws IOException {
        return switch (kind) {
            case "PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> der(SEQUENCE, join(VERSION, der(SEQUENCE, RSA), der(OCTETS, der)));
            case "EC PRIVATE KEY" ->
                der(SEQUENCE, join(VERSION, der(SEQUENCE, join(EC, curve(der))), der(OCTETS, der)));
            default -> throw new IOException("the client key is of a kind that is not known: " + kind);
        };
    }

    /** The curve's id as it stands in {@code SEQUENCE {INTEGER, OCTET STRING, [0] {OBJECT IDENTIFIER}, ...}}. */
    private static byte[] curve(byte[] sec1) throws IOException {
        Der whole = new Der(sec1, 0, SEQUENCE);
        Der version = new Der(sec1, whole.start, INTEGER);
        Der secret = new Der(sec1, version.end, OCTETS);
        Der parameters = new Der(sec1, secret.end, PARAMETERS);
        Der id = new Der(sec1, parameters.start, OBJECT_ID);
        return der(OBJECT_ID, Arrays.copyOfRange(sec1, id.start, id.end));
    }

    private static PrivateKey key(byte[] pkcs8) throws IOException {
        IOException unknown =
                new IOException("the client key cannot be used; it is not a sound key of any of " + ALGORITHMS);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException | NoSuchAlgorithmException another) {
                unknown.addSuppressed(another);
            }
        }
        throw unknown;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        int length = content.length;
        if (length >= 0x80) {
            int count = length > 0xFFFF ? 3 : length > 0xFF ? 2 : 1;
            bytes.write(0x80 | count);
            for (int shift = (count - 1) * 8; shift > 0; shift -= 8) {
                bytes.write(length >> shift);
            }
        }
        bytes.write(length);
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    /** Where an element of DER has its content. */
    private static final class Der {
        private final int start;
        private final int end;

        Der(byte[] bytes, int at, int tag) throws IOException {
            if (at + 1 >= bytes.length || (bytes[at] & 0xFF) != tag) {
                throw new IOException("the client key (SEC 1) is cut off or does not name its curve; convert it with"
                        + " openssl pkcs8 -topk8 -nodes");
            }
            int length = bytes[at + 1] & 0xFF;
            int from = at + 2;
            if (length >= 0x80) {
                int count = length & 0x7F;
                length = 0;
                for (int i = 0; i < count && from < bytes.length; i++) {
                    length = length << 8 | bytes[from++] & 0xFF;
                }
            }
            if (length < 0 || length > bytes.length - from) {
                throw new IOException("the client key (SEC 1) is cut off");
            }
            this.start = from;
            this.end = from + length;
        }
    }
}
