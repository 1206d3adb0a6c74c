package io.inmesh.spring.boot.console;

import io.inmesh.console.Console;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.spring.boot.ConsoleSettings;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/** The console's servlet at its path, in whichever context. */
final class ConsoleRegistration {
    private ConsoleRegistration() {}

    static ServletRegistrationBean<ConsoleServlet> of(Console console, ConsoleSettings settings) {
        ServletRegistrationBean<ConsoleServlet> registration =
                new ServletRegistrationBean<>(new ConsoleServlet(console), settings.path() + "/*");
        registration.setName("meshConsole");
        return registration;
    }
}
