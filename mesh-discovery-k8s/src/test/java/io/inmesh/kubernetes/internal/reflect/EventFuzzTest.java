package io.inmesh.kubernetes.internal.reflect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whatever bytes a line of a watch has, it makes an event, throws nothing, and leaves the next line as it is. */
@Tag("one-jdk")
class EventFuzzTest {
    private static final String GOOD = """
            {"type":"MODIFIED","object":{"kind":"EndpointSlice","metadata":{"name":"db-1","namespace":"shop","uid":"u",\
            "resourceVersion":"7","labels":{"kubernetes.io/service-name":"db"},"managedFields":[{"fieldsV1":{\
            "k:{\\"uid\\":\\"1\\"}":{}}}]},"addressType":"IPv4","ports":[{"name":"http","port":8080}],"endpoints":[{\
            "addresses":["10.0.0.1"],"conditions":{"ready":true},"targetRef":{"kind":"Pod","name":"p","uid":"ü€😀"}}]}}""";

    private final EventParser<EndpointSlice> parser = new EventParser<>(Resources.ENDPOINT_SLICES.reader());
    private final byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
    private final WatchEvent<EndpointSlice> expected = parser.parse(good, good.length);

    @Property(tries = 5000)
    void anyLineLeavesTheNextOneAsItIs(@ForAll long seed) {
        Random random = new Random(seed);
        for (int line = 0; line < 10; line++) {
            byte[] bytes = mutated(random);

            assertThat(parser.parse(bytes, bytes.length)).isNotNull();
            assertThat(parser.parse(good, good.length)).isEqualTo(expected);
        }
    }

    private byte[] mutated(Random random) {
        byte[] bytes = Arrays.copyOf(good, good.length);
        for (int edit = random.nextInt(5); edit >= 0; edit--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) "{}[]\",:\\u0x1e9-.\u0000".charAt(random.nextInt(17));
                case 3 -> bytes = Arrays.copyOfRange(bytes, at, bytes.length);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(20_000));
                    System.arraycopy(bytes, at, longer, longer.length - (bytes.length - at), bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
