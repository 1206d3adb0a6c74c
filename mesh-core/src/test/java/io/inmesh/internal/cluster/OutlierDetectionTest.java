package io.inmesh.internal.cluster;

import static io.inmesh.internal.cluster.OutlierFixture.answers;
import static io.inmesh.internal.cluster.OutlierFixture.ejectedOf;
import static io.inmesh.internal.cluster.OutlierFixture.endpoint;
import static io.inmesh.internal.cluster.OutlierFixture.host;
import static io.inmesh.internal.cluster.OutlierFixture.picked;
import static io.inmesh.internal.cluster.OutlierFixture.ready;
import static io.inmesh.internal.cluster.OutlierFixture.threeErrors;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.event.Ejection;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlierDetectionTest {
    private static final Outcome REFUSED = new Outcome.NeverSent(ResponseFlag.UF, "refused");
    private static final Outcome CLOSED = new Outcome.Failed(ResponseFlag.UC, "closed");
    private static final Outcome TIMED_OUT = new Outcome.TimedOut();

    private final OutlierFixture mesh = new OutlierFixture();

    private static void fails(Cluster cluster, String id, Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            cluster.failed(host(cluster, id), outcome);
        }
    }

    @Test
    void aHostIsEjectedWithTheErrorThatCompletesTheRow() {
        Cluster cluster = mesh.three(threeErrors().build());

        answers(cluster, "a", 503, 500);
        assertThat(picked(cluster)).isEqualTo("abc");

        answers(cluster, "a", 599);
        assertThat(picked(cluster)).isEqualTo("bc");
        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void aLimitThatIsLoweredBelowTheRowEjectsWithTheNextError() {
        Cluster cluster = mesh.three(threeErrors().consecutive5xxErrors(10).build());
        answers(cluster, "a", 503, 503, 503, 503);

        cluster = mesh.publish(cluster, threeErrors().build(), "a", "b", "c");
        answers(cluster, "a", 503);

        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void aRowThatWasCompletedWhileTheHostWasNotReadyEjectsOnceItIs() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503);
        cluster = mesh.publish(
                cluster,
                threeErrors().build(),
                Simple.ROUND_ROBIN,
                List.of(endpoint("a", Condition.NOT_READY), ready("b"), ready("c")));
        answers(cluster, "a", 503);
        assertThat(ejectedOf(cluster)).isEmpty();

        cluster = mesh.publish(cluster, threeErrors().build(), "a", "b", "c");
        answers(cluster, "a", 503);

        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void anyOtherAnswerEndsTheRow() {
        Cluster cluster = mesh.three(threeErrors().build());

        answers(cluster, "a", 503, 503, 404, 500, 500, 200, 500, 502);
        assertThat(ejectedOf(cluster)).isEmpty();

        answers(cluster, "a", 504);
        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void zeroEjectsNobody() {
        Cluster cluster = mesh.three(threeErrors().consecutive5xxErrors(0).build());

        for (int i = 0; i < 30; i++) {
            answers(cluster, "a", 503);
        }

        assertThat(ejectedOf(cluster)).isEmpty();
    }

    @Test
    void withoutARuleNothingIsCounted() {
        Cluster cluster = mesh.three(null);

        for (int i = 0; i < 30; i++) {
            answers(cluster, "a", 503);
            fails(cluster, "a", REFUSED);
        }

        assertThat(picked(cluster)).isEqualTo("abc");
    }

    @Test
    void gatewayErrorsAreThreeStatusesAndAnotherErrorEndsTheirRow() {
        Cluster cluster = mesh.three(threeErrors()
                .consecutive5xxErrors(0)
                .consecutiveGatewayErrors(3)
                .build());

        answers(cluster, "a", 500, 500, 500, 502, 503, 500, 502, 503);
        assertThat(ejectedOf(cluster)).isEmpty();

        answers(cluster, "a", 504);
        assertThat(mesh.ejected).singleElement().satisfies(ejection -> {
            assertThat(ejection.reason()).isEqualTo(Ejection.Reason.CONSECUTIVE_GATEWAY_ERRORS);
            assertThat(ejection.because()).isEqualTo("3 consecutive gateway errors");
        });
    }

    @Test
    void whatGotNoAnswerCountsAs5xx() {
        Cluster cluster = mesh.three(threeErrors().build());

        fails(cluster, "a", REFUSED, CLOSED, TIMED_OUT);

        assertThat(mesh.ejected)
                .singleElement()
                .satisfies(ejection -> assertThat(ejection.reason()).isEqualTo(Ejection.Reason.CONSECUTIVE_5XX));
    }

    @Test
    void aTimeoutCountsAsGatewayErrorAndSoDoesTheClientsOwn() {
        Cluster cluster = mesh.three(threeErrors()
                .consecutive5xxErrors(0)
                .consecutiveGatewayErrors(3)
                .build());

        fails(cluster, "a", TIMED_OUT, new Outcome.Failed(ResponseFlag.DC, "timeout"), CLOSED);

        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void whatTheCallerOrCodeBeforeTheNetworkEndsSaysNothing() {
        Cluster cluster = mesh.three(threeErrors().build());

        answers(cluster, "a", 503, 503);
        fails(cluster, "a", new Outcome.Canceled(), new Outcome.Failed(ResponseFlag.LR, "an interceptor threw"));
        assertThat(ejectedOf(cluster)).isEmpty();

        answers(cluster, "a", 503);
        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void countedApartConnectFailuresEjectAndAnswersDoNotMixWithThem() {
        Cluster cluster = mesh.three(threeErrors()
                .splitExternalLocalOriginErrors(true)
                .consecutiveLocalOriginFailures(3)
                .build());

        fails(cluster, "a", REFUSED, REFUSED);
        answers(cluster, "a", 503, 503);
        fails(cluster, "a", REFUSED, REFUSED);
        assertThat(ejectedOf(cluster)).isEmpty();

        fails(cluster, "a", REFUSED);
        answers(cluster, "b", 503);
        fails(cluster, "b", REFUSED);
        answers(cluster, "b", 503, 503);
        assertThat(mesh.ejected)
                .extracting(Ejection::reason)
                .containsExactly(Ejection.Reason.CONSECUTIVE_LOCAL_ORIGIN_FAILURES, Ejection.Reason.CONSECUTIVE_5XX);
    }

    @Test
    void countedApartAConnectionThatCouldBeHadEndsTheRow() {
        Cluster cluster = mesh.three(threeErrors()
                .splitExternalLocalOriginErrors(true)
                .consecutiveLocalOriginFailures(3)
                .build());

        fails(cluster, "a", REFUSED, REFUSED, CLOSED, CLOSED, CLOSED, TIMED_OUT, TIMED_OUT, REFUSED);
        assertThat(ejectedOf(cluster)).isEmpty();

        fails(cluster, "a", REFUSED);
        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }
}
