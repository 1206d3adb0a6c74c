package io.inmesh.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.inbound.InboundContext;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanReferenceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private static @Nullable SpanReference in(String... namesAndValues) {
        return SpanReference.in(headers(namesAndValues));
    }

    private static SpanReference.Headers headers(String... namesAndValues) {
        return SpanReference.of(IntStream.range(0, namesAndValues.length / 2)
                .mapToObj(i -> new HeaderField(namesAndValues[2 * i], namesAndValues[2 * i + 1]))
                .toList());
    }

    @Test
    void readsWhatW3cSays() {
        assertThat(in("Traceparent", "00-" + TRACE + "-" + SPAN + "-01"))
                .isEqualTo(new SpanReference(TRACE, SPAN, true));
        assertThat(in("traceparent", "00-" + TRACE + "-" + SPAN + "-02"))
                .isEqualTo(new SpanReference(TRACE, SPAN, false));
        assertThat(in("traceparent", "01-" + TRACE + "-" + SPAN + "-01-more"))
                .isEqualTo(new SpanReference(TRACE, SPAN, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-\uff10af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more"
            })
    void readsNothingElse(String traceparent) {
        assertThat(in("traceparent", traceparent)).isNull();
    }

    @Test
    void readsB3InBothForms() {
        SpanReference sampled = new SpanReference(TRACE, SPAN, true);
        SpanReference open = new SpanReference(TRACE, SPAN, false);
        assertThat(in("b3", TRACE + "-" + SPAN + "-1")).isEqualTo(sampled);
        assertThat(in("b3", TRACE + "-" + SPAN + "-d")).isEqualTo(sampled);
        assertThat(in("b3", TRACE + "-" + SPAN + "-0")).isEqualTo(open);
        assertThat(in("b3", TRACE + "-" + SPAN)).isEqualTo(open);
        assertThat(in("x-b3-traceid", TRACE, "x-b3-spanid", SPAN, "x-b3-sampled", "true"))
                .isEqualTo(sampled);
        assertThat(in("x-b3-traceid", TRACE, "x-b3-spanid", SPAN, "x-b3-flags", "1"))
                .isEqualTo(sampled);
        assertThat(in("x-b3-traceid", TRACE, "x-b3-spanid", SPAN, "x-b3-sampled", "false"))
                .isEqualTo(open);
        assertThat(in("x-b3-traceid", TRACE.substring(16), "x-b3-spanid", SPAN))
                .isEqualTo(new SpanReference("0".repeat(16) + TRACE.substring(16), SPAN, false));
    }

    @Test
    void knowsWhatForbidsATrace() {
        InboundContext refused = InboundContext.builder().header("b3", "0").build();
        assertThat(SpanReference.forbidden(headers(), refused)).isTrue();
        assertThat(SpanReference.forbidden(headers("x-b3-sampled", "0"), null)).isTrue();
        assertThat(SpanReference.forbidden(headers("b3", TRACE + "-" + SPAN + "-0"), null))
                .isFalse();
        assertThat(SpanReference.forbidden(SpanReference.of(List.of()), null)).isFalse();
    }

    @Test
    void urlsShowNoSecrets() {
        assertThat(RedactedUrl.of(
                        "https",
                        "a",
                        "/p?access_token=1&Password=2&x-api-key=3&SIG=4&%73ig=5&AWSAccessKeyId=6&q=7&%zz=8&sig"))
                .isEqualTo("https://a/p?access_token=REDACTED&Password=REDACTED&x-api-key=REDACTED&SIG=REDACTED"
                        + "&%73ig=REDACTED&AWSAccessKeyId=REDACTED&q=7&%zz=8&sig");
    }
}
