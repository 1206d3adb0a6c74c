package io.inmesh.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.call.HeaderField;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InboundContextTest {
    @Test
    void keepsHeadersByNameInLowerCaseAndInOrder() {
        InboundContext context = InboundContext.builder()
                .header("Baggage", "a=1")
                .header("X-Request-Id", "42")
                .header("baggage", "b=2")
                .build();

        assertThat(context.headers())
                .containsExactly(Map.entry("baggage", List.of("a=1", "b=2")), Map.entry("x-request-id", List.of("42")));
        assertThat(context.headerFields())
                .containsExactly(
                        new HeaderField("baggage", "a=1"),
                        new HeaderField("baggage", "b=2"),
                        new HeaderField("x-request-id", "42"));
        assertThat(context.header("BAGGAGE")).isEqualTo("a=1");
        assertThat(context.header("b3")).isNull();
        assertThat(context.deadlineNanos()).isNull();
        assertThat(context.caller()).isEqualTo(CallerIdentity.UNKNOWN);
    }

    @Test
    void aCopyDiffersInWhatIsChanged() {
        CallerIdentity caller = new CallerIdentity("10.0.0.1", "spiffe://a/b", "CN=b");
        InboundContext context = InboundContext.builder()
                .header("end-user", "jason")
                .deadlineNanos(7L)
                .caller(caller)
                .build();

        InboundContext changed =
                context.toBuilder().header("end-user", "anna").build().withoutDeadline();

        assertThat(changed.headers()).containsEntry("end-user", List.of("jason", "anna"));
        assertThat(changed.caller()).isEqualTo(caller);
        assertThat(changed.deadlineNanos()).isNull();
        assertThat(context.headers()).containsEntry("end-user", List.of("jason"));
        assertThat(context.deadlineNanos()).isEqualTo(7);
        assertThat(changed.withoutDeadline()).isSameAs(changed);
    }

    @Test
    void refusesWhatCannotBeSent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InboundContext.builder().header("end user", "jason"))
                .withMessageContaining("end user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InboundContext.builder().header("end-user", "jason\r\nadmin: 1"))
                .withMessageContaining("end-user")
                .withMessageNotContaining("admin");
    }

    @Test
    void tellsNoValues() {
        assertThat(InboundContext.builder().header("end-user", "jason").build())
                .asString()
                .contains("end-user")
                .doesNotContain("jason");
    }
}
