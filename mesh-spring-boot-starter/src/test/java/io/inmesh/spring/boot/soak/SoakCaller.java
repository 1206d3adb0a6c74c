package io.inmesh.spring.boot.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Calls one client again and again, one call at a time. */
final class SoakCaller {
    private static final int PERCENT = 100;

    /** How many of a hundred calls something happens to. */
    private static final int DISTURBED = 15;

    /** How many of a hundred dropped responses stay dropped: each takes a connection until the garbage is collected. */
    private static final int UNCLOSED = 10;

    private static final int LONGEST_UNTIL_CUT_MICROS = 20_000;

    private final SoakClient client;
    private final List<String> services;
    private final SoakReport report;
    private final ScheduledExecutorService cutter;
    private final AtomicLong ids;
    private final Random random;

    SoakCaller(
            SoakClient client,
            List<String> services,
            SoakReport report,
            ScheduledExecutorService cutter,
            AtomicLong ids,
            long seed) {
        this.client = client;
        this.services = services;
        this.report = report;
        this.cutter = cutter;
        this.ids = ids;
        this.random = new Random(seed);
    }

    /** Calls until a time in nanoTime. */
    void callUntil(long end, Set<Disturbance> disturbances) {
        List<Disturbance> possible = new ArrayList<>(disturbances);
        possible.removeIf(disturbance -> !client.canMeet(disturbance));
        while (System.nanoTime() - end < 0) {
            call(draw(possible));
        }
    }

    /** Calls every service so often, and nothing happens to any call. */
    void callCalmly(int times) {
        for (int i = 0; i < times; i++) {
            for (String service : services) {
                run(new SoakCall(ids.incrementAndGet(), service, "answer", random.nextBoolean(), null));
            }
        }
    }

    private @Nullable Disturbance draw(List<Disturbance> possible) {
        if (possible.isEmpty() || random.nextInt(PERCENT) >= DISTURBED) {
            return null;
        }
        Disturbance drawn = possible.get(random.nextInt(possible.size()));
        return drawn == Disturbance.UNCLOSED && random.nextInt(PERCENT) >= UNCLOSED ? null : drawn;
    }

    private void call(@Nullable Disturbance disturbance) {
        String service = services.get(random.nextInt(services.size()));
        SoakCall call = new SoakCall(
                ids.incrementAndGet(), service, kind(disturbance, service), random.nextBoolean(), disturbance);
        if (disturbance == Disturbance.CANCEL || disturbance == Disturbance.INTERRUPT) {
            // Half of them within the time that most calls take.
            int micros =
                    random.nextInt(random.nextBoolean() ? LONGEST_UNTIL_CUT_MICROS : LONGEST_UNTIL_CUT_MICROS / 20);
            Future<?> unused = cutter.schedule(call::cut, micros, TimeUnit.MICROSECONDS);
        }
        run(call);
    }

    private String kind(@Nullable Disturbance disturbance, String service) {
        int drawn = random.nextInt(PERCENT);
        if (disturbance == null) {
            return drawn < 90 ? "answer" : drawn < 95 ? "big" : "slow";
        }
        return switch (disturbance) {
            case TIMEOUT, DEADLINE -> drawn < 50 ? "slow" : "late";
            case REDIRECT -> drawn < 50 || !mayLeadElsewhere(service) ? "redirect" : "elsewhere";
            default -> drawn < 40 ? "answer" : drawn < 60 ? "big" : drawn < 80 ? "slow" : "late";
        };
    }

    /** Elsewhere is a service without TLS. */
    private boolean mayLeadElsewhere(String service) {
        return client.followsToPlainHttp() || !service.equals(SoakFleet.TLS);
    }

    private void run(SoakCall call) {
        long from = System.nanoTime();
        String answer = null;
        Throwable failure = null;
        try {
            answer = client.call(call);
        } catch (Exception | Error e) {
            failure = e;
        }
        long to = System.nanoTime();
        call.end();
        report.ended(client, call, from, to, answer, failure);
    }
}
