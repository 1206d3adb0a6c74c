package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Micrometer finds the accessor by itself. */
class InboundContextAccessorTest {
    private static final InboundContext JASON = user("jason");
    private static final InboundContext ANNA = user("anna");

    private final ContextSnapshotFactory snapshots =
            ContextSnapshotFactory.builder().clearMissing(true).build();

    private static InboundContext user(String name) {
        return InboundContext.builder().header("end-user", name).build();
    }

    @AfterEach
    void nothingStays() {
        assertThat(InboundContext.current()).isNull();
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private ContextSnapshot captured(InboundContext context) {
        try (Scope scope = context.open()) {
            return snapshots.captureAll();
        }
    }

    @Test
    @SuppressWarnings("try") // As above.
    void setsAndRestores() {
        ContextSnapshot nothing = snapshots.captureAll();
        ContextSnapshot jason = captured(JASON);
        ContextSnapshot anna = captured(ANNA);

        try (ContextSnapshot.Scope outer = jason.setThreadLocals()) {
            assertThat(InboundContext.current()).isSameAs(JASON);
            try (ContextSnapshot.Scope inner = anna.setThreadLocals()) {
                assertThat(InboundContext.current()).isSameAs(ANNA);
                try (ContextSnapshot.Scope none = nothing.setThreadLocals()) {
                    assertThat(InboundContext.current()).isNull();
                }
                assertThat(InboundContext.current()).isSameAs(ANNA);
            }
            assertThat(InboundContext.current()).isSameAs(JASON);
        }
    }

    @Test
    void restoringWhatWasNeverSetChangesNothing() {
        InboundContextAccessor accessor = new InboundContextAccessor();
        accessor.restore();
        accessor.restore(JASON);
        assertThat(InboundContext.current()).isNull();
    }
}
