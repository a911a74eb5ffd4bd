// The cryptosuites of Digital Bazaar, by their names.

import * as ecdsaJcs from "@digitalbazaar/ecdsa-jcs-2019-cryptosuite";
import { cryptosuite as ecdsaRdfc } from "@digitalbazaar/ecdsa-rdfc-2019-cryptosuite";
import * as eddsaJcs from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { cryptosuite as eddsaRdfc } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";

export const SUITES = {
  "ecdsa-jcs-2019": { sign: ecdsaJcs.createSignCryptosuite(), verify: ecdsaJcs.createVerifyCryptosuite() },
  "ecdsa-rdfc-2019": { sign: ecdsaRdfc, verify: ecdsaRdfc },
  "eddsa-jcs-2022": { sign: eddsaJcs.createSignCryptosuite(), verify: eddsaJcs.createVerifyCryptosuite() },
  "eddsa-rdfc-2022": { sign: eddsaRdfc, verify: eddsaRdfc },
};
