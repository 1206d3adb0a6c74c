package io.inmesh.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final InboundContext A = context("a");
    private static final InboundContext B = context("b");
    private static final InboundContext C = context("c");

    private static InboundContext context(String user) {
        return InboundContext.builder().header("end-user", user).build();
    }

    @AfterEach
    void nothingStays() {
        assertThat(InboundContext.current()).isNull();
    }

    @Test
    void scopesNest() {
        assertThat(InboundContext.current()).isNull();
        Scope a = A.open();
        assertThat(InboundContext.current()).isSameAs(A);
        Scope b = B.open();
        assertThat(InboundContext.current()).isSameAs(B);
        Scope none = InboundContext.open(null);
        assertThat(InboundContext.current()).isNull();
        none.close();
        assertThat(InboundContext.current()).isSameAs(B);
        b.close();
        assertThat(InboundContext.current()).isSameAs(A);
        a.close();
        assertThat(InboundContext.current()).isNull();
    }

    @Test
    void anInnerScopeThatIsForgottenEndsWithTheOuterOne() {
        Scope a = A.open();
        Scope b = B.open();
        Scope c = C.open();
        a.close();
        assertThat(InboundContext.current()).isNull();

        Scope next = A.open();
        c.close();
        b.close();
        a.close();
        assertThat(InboundContext.current()).isSameAs(A);
        next.close();
    }

    @Test
    void aScopeThatIsClosedTwiceClosesNoOther() {
        Scope a = A.open();
        Scope b = B.open();
        b.close();
        Scope c = C.open();
        b.close();
        assertThat(InboundContext.current()).isSameAs(C);
        c.close();
        assertThat(InboundContext.current()).isSameAs(A);
        a.close();
    }

    @Test
    void closingOnAnotherThreadEndsItOnItsOwnAlone() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Scope outer = A.open();
            Scope b = B.open();
            other.submit(() -> {
                        Scope own = C.open();
                        b.close();
                        assertThat(InboundContext.current()).isSameAs(C);
                        own.close();
                        assertThat(InboundContext.current()).isNull();
                    })
                    .get();
            assertThat(InboundContext.current()).isSameAs(A);
            Scope c = C.open();
            other.submit(outer::close).get();
            assertThat(InboundContext.current()).isNull();
            c.close();
            b.close();
            assertThat(InboundContext.current()).isNull();
        } finally {
            other.shutdown();
        }
    }

    @Test
    void aThreadThatIsStartedMeanwhileHasNone() throws InterruptedException {
        InboundContext[] seen = {C};
        Scope a = A.open();
        Thread thread = new Thread(() -> seen[0] = InboundContext.current());
        thread.start();
        thread.join();
        a.close();
        assertThat(seen[0]).isNull();
    }
}
