import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { token } from "../api/token";
import { Logo } from "../ui/Logo";
import classes from "./SignIn.module.css";
import { useToken } from "./useSession";

export function SignIn() {
  const refused = useToken() !== null;
  const [value, setValue] = useState("");
  useEffect(() => {
    document.title = "Sign in · SentiStream";
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    const pasted = value.trim().replace(/^Bearer\s+/i, "");
    if (pasted) token.set(pasted);
  }

  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit}>
        <Logo />
        <h1 className={classes.title}>Sign in</h1>
        <p className={classes.text}>
          This SentiStream asks for an access token. Paste the one your administrator gave you; it is kept in
          this tab only.
        </p>
        <PasswordInput
          label="Access token"
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          error={
            refused
              ? "This token was refused: it may have expired, or it does not have the scope read."
              : undefined
          }
          data-autofocus
        />
        <Button type="submit" disabled={value.trim() === ""}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
